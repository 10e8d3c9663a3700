package io.spirula.tools.vstart;

import io.spirula.common.config.ConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The {@code vstart} command. */
public final class Vstart {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final int FIRST_PORT = 13300;

    private final VstartArguments arguments;
    private final ClusterFolder folder;
    private final Path bin;
    private final PrintStream out;

    private Vstart(VstartArguments arguments, Path bin, PrintStream out) {
        this.arguments = arguments;
        this.folder = arguments.folder();
        this.bin = bin;
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(run(args, Path.of(System.getProperty("spirula.home", ".")), System.out, System.err));
    }

    /**
     * @param home the distribution's folder
     * @return the exit code
     */
    public static int run(String[] args, Path home, PrintStream out, PrintStream err) {
        try {
            return new Vstart(VstartArguments.parse(args), home.resolve("bin"), out).run();
        } catch (VstartException | ConfigException e) {
            err.println(e.getMessage());
            return 1;
        } catch (IOException e) {
            err.println("vstart: " + e);
            return 1;
        } catch (InterruptedException e) {
            err.println("vstart: interrupted; what was started runs on");
            return 130;
        }
    }

    private int run() throws IOException, InterruptedException {
        if (!arguments.verb().equals("start") && !folder.exists()) {
            throw new VstartException("vstart: no cluster in " + folder.root());
        }
        return switch (arguments.verb()) {
            case "start" -> start();
            case "stop" -> stop();
            case "restart" -> {
                stop();
                yield start();
            }
            case "status" -> status();
            case "destroy" -> destroy();
            default -> throw new IllegalStateException(arguments.verb());
        };
    }

    private int start() throws IOException, InterruptedException {
        long began = System.nanoTime();
        boolean all = arguments.daemons().isEmpty();
        if (!folder.exists()) {
            if (!all) {
                throw new VstartException("vstart: no cluster in " + folder.root() + " yet: start it as a whole first");
            }
            new ClusterCreation(folder, arguments.plan(Vstart::freePorts), bin).make();
        } else if (!arguments.options().isEmpty()) {
            throw new VstartException(
                    "vstart: " + folder.root() + " holds a cluster already: its size and options stay");
        }
        List<DaemonProcess> chosen = chosen();
        for (DaemonProcess daemon : chosen) {
            if (daemon.running().isEmpty()) {
                daemon.start();
            }
        }
        ClusterProbe probe = new ClusterProbe(folder, everyDaemon());
        if (all) {
            probe.awaitHealthy();
        } else {
            probe.awaitRunning(chosen);
        }
        out.printf(
                "%s after %.1f s: ceph -c %s -s%n",
                all ? "healthy" : "started", (System.nanoTime() - began) / 1e9, folder.conf());
        return 0;
    }

    private int stop() throws InterruptedException {
        // OSDs first: they tell the monitors that they go.
        List<DaemonProcess> chosen = chosen();
        List<Thread> stops = chosen.reversed().stream()
                .filter(d -> d.program().equals("ceph-osd"))
                .map(d -> Thread.startVirtualThread(() -> stopOne(d)))
                .toList();
        for (Thread stop : stops) {
            stop.join();
        }
        for (DaemonProcess daemon : chosen) {
            daemon.stop(STOP_PATIENCE);
        }
        return 0;
    }

    private static void stopOne(DaemonProcess daemon) {
        try {
            daemon.stop(STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int status() throws InterruptedException {
        boolean allRun = true;
        for (DaemonProcess daemon : chosen()) {
            String state = daemon.running().map(p -> "running, pid " + p.pid()).orElse("not running");
            allRun &= daemon.running().isPresent();
            out.println(daemon.name() + ": " + state);
        }
        out.println(new ClusterProbe(folder, everyDaemon()).health());
        return allRun ? 0 : 1;
    }

    private int destroy() throws IOException, InterruptedException {
        if (!arguments.daemons().isEmpty()) {
            throw new VstartException("vstart: destroy takes the whole cluster");
        }
        stop();
        folder.delete();
        return 0;
    }

    private List<DaemonProcess> chosen() {
        List<String> known = folder.daemons();
        for (String name : arguments.daemons()) {
            if (!known.contains(name)) {
                throw new VstartException("vstart: no daemon " + name + " here; there are " + String.join(" ", known));
            }
        }
        List<String> names = arguments.daemons().isEmpty() ? known : arguments.daemons();
        return names.stream().map(n -> new DaemonProcess(folder, n, bin)).toList();
    }

    private List<DaemonProcess> everyDaemon() {
        return folder.daemons().stream()
                .map(n -> new DaemonProcess(folder, n, bin))
                .toList();
    }

    /** The first of so many free ports in a row. */
    private static int freePorts(int count) {
        for (int first = FIRST_PORT; first < FIRST_PORT + 1000; first += 10) {
            if (IntStream.range(first, first + count).allMatch(Vstart::isFree)) {
                return first;
            }
        }
        throw new VstartException(
                "vstart: no " + count + " free ports in a row from " + FIRST_PORT + " on: name one with --port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
