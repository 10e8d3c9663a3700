package io.spirula.it.sim;

import io.spirula.common.encoding.Bytes;

/**
 * What can be read of an object.
 *
 * @param tag the value of its one attribute; empty where it has none
 */
record ObjectState(boolean exists, Bytes data, Bytes tag) {
    static final ObjectState ABSENT = new ObjectState(false, Bytes.EMPTY, Bytes.EMPTY);

    ObjectState withData(Bytes newData) {
        return new ObjectState(true, newData, tag);
    }

    ObjectState withTag(Bytes newTag) {
        return new ObjectState(true, data, newTag);
    }

    @Override
    public String toString() {
        return exists ? "'" + data.utf8().replace('\0', '.') + "' tagged '" + tag.utf8() + "'" : "absent";
    }
}
