package io.spirula.common.admin;

/** The log of the process, for those who want more or less of it, or want it in another file. */
public interface DaemonLog {
    DaemonLog NONE = new DaemonLog() {
        @Override
        public void reopen() {}

        @Override
        public void level(String option, int level) {}
    };

    /** Begins a new file, if the old one was moved away. */
    void reopen();

    /**
     * How much a subsystem logs from now on, in Ceph's measure.
     *
     * @param option that says so: {@code debug_osd}
     */
    void level(String option, int level);
}
