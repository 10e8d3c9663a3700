package io.spirula.common.maps;

/** The epochs between which an OSD was up before it shut down cleanly. */
public record CleanInterval(int begin, int end) {}
