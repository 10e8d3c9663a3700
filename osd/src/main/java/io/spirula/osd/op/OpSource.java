package io.spirula.osd.op;

import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EntityAddr;
import java.time.Instant;

/** Whose operation it is. {@code mtime} is the client's clock, the epoch where it gives none. */
public record OpSource(ReqId reqid, EntityAddr address, Instant mtime) {}
