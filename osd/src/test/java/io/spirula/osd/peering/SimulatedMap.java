package io.spirula.osd.peering;

import java.util.ArrayList;
import java.util.List;

/** A map of a few OSDs and one group, as a simulated monitor publishes it: each change is the next epoch. */
record SimulatedMap(
        int epoch,
        List<Integer> order,
        List<Integer> upFroms,
        List<Integer> upThrus,
        List<Boolean> ups,
        List<Integer> temp,
        List<Integer> lost,
        int size,
        int minSize)
        implements PeeringMap {

    static SimulatedMap first(int osds, int size, int minSize) {
        List<Integer> order = new ArrayList<>();
        List<Integer> ones = new ArrayList<>();
        List<Integer> zeros = new ArrayList<>();
        List<Boolean> ups = new ArrayList<>();
        for (int i = 0; i < osds; i++) {
            order.add(i);
            ones.add(1);
            zeros.add(0);
            ups.add(true);
        }
        return new SimulatedMap(1, order, ones, ones, ups, List.of(), zeros, size, minSize);
    }

    SimulatedMap withUp(int osd, boolean isUp) {
        return new SimulatedMap(
                epoch + 1,
                order,
                isUp ? set(upFroms, osd, epoch + 1) : upFroms,
                upThrus,
                set(ups, osd, isUp),
                temp,
                lost,
                size,
                minSize);
    }

    SimulatedMap withUpThru(int osd, int thru) {
        List<Integer> thrus = set(upThrus, osd, Math.max(thru, upThrus.get(osd)));
        return new SimulatedMap(epoch + 1, order, upFroms, thrus, ups, temp, lost, size, minSize);
    }

    SimulatedMap withTemp(List<Integer> acting) {
        return new SimulatedMap(epoch + 1, order, upFroms, upThrus, ups, List.copyOf(acting), lost, size, minSize);
    }

    SimulatedMap withOrder(List<Integer> newOrder) {
        return new SimulatedMap(epoch + 1, List.copyOf(newOrder), upFroms, upThrus, ups, temp, lost, size, minSize);
    }

    SimulatedMap withLost(int osd) {
        return new SimulatedMap(
                epoch + 1, order, upFroms, upThrus, ups, temp, set(lost, osd, epoch + 1), size, minSize);
    }

    SimulatedMap withSizes(int newSize, int newMinSize) {
        return new SimulatedMap(epoch + 1, order, upFroms, upThrus, ups, temp, lost, newSize, newMinSize);
    }

    private static <T> List<T> set(List<T> list, int index, T value) {
        List<T> copy = new ArrayList<>(list);
        copy.set(index, value);
        return List.copyOf(copy);
    }

    @Override
    public List<Integer> up() {
        return order.stream().limit(size).filter(this::isUp).toList();
    }

    @Override
    public int upPrimary() {
        return up().isEmpty() ? -1 : up().getFirst();
    }

    @Override
    public List<Integer> acting() {
        List<Integer> alive = temp.stream().filter(this::isUp).toList();
        return alive.isEmpty() ? up() : alive;
    }

    @Override
    public int actingPrimary() {
        return acting().isEmpty() ? -1 : acting().getFirst();
    }

    @Override
    public int pgNum() {
        return 1;
    }

    @Override
    public boolean exists(int osd) {
        return osd >= 0 && osd < ups.size();
    }

    @Override
    public boolean isUp(int osd) {
        return exists(osd) && ups.get(osd);
    }

    @Override
    public int upFrom(int osd) {
        return upFroms.get(osd);
    }

    @Override
    public int upThru(int osd) {
        return upThrus.get(osd);
    }

    @Override
    public boolean isDead(int osd) {
        return !isUp(osd); // it crashes, and is never just cut off
    }

    @Override
    public int lostAt(int osd) {
        return lost.get(osd);
    }
}
