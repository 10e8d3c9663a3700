/**
 * CRUSH placement as Ceph does it, bit for bit: maps, rules, mapping, changes and the text form. Pure functions; imports
 * nothing but the JDK, and is usable from any application.
 *
 * <p>A map comes from its encoded form, from its text, or from an editor:
 *
 * {@snippet :
 * CrushMap map = CrushMap.decode(Files.readAllBytes(path));            // ceph osd getcrushmap -o path
 * CrushMap same = CrushCompiler.compile(CrushDecompiler.decompile(map), "map.txt");
 *
 * CrushEditor editor = new CrushEditor(SimpleMap.of(0));
 * for (int osd = 0; osd < 12; osd++) {
 *     editor.insertItem(osd, 1.0f, "osd." + osd, Map.of("host", "host" + osd / 3, "root", "default"), true);
 * }
 * CrushMap built = editor.build();
 * }
 *
 * <p>A mapper turns a rule and an input into devices. It is shared freely; each thread has a workspace:
 *
 * {@snippet :
 * CrushMapper mapper = new CrushMapper(built);
 * Workspace workspace = mapper.newWorkspace();
 * int[] in = new int[built.maxDevices()];                              // 0x10000: in, 0: out
 * Arrays.fill(in, 0x10000);
 * int[] devices = new int[3];
 * int found = mapper.map(built.ruleId("replicated_rule"), 4711, 3, devices, in, 0, workspace);
 * }
 *
 * <p>{@link io.spirula.crush.CrushContent} has the questions one can ask of a map, {@link io.spirula.crush.CrushDump} and
 * {@link io.spirula.crush.CrushTree} show it, {@link io.spirula.crush.CrushEditor} lists the changes.
 */
@NullMarked
package io.spirula.crush;

import org.jspecify.annotations.NullMarked;
