package io.spirula.common.maps;

/** One replacement in a placement group's up set: of the OSD that CRUSH chose by another. */
public record UpmapItem(int from, int to) {}
