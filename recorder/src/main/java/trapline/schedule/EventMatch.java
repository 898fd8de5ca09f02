package trapline.schedule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.Field;
import trapline.events.FieldType;
import trapline.events.Observed;
import trapline.events.SymbolTable;

/** Decides whether an event is one of those that a trigger counts, and counts them. */
final class EventMatch {

    final Point point;
    private final Trigger.AtEvent trigger;
    private final int[] fieldIndices;
    private final long[] wanted;
    private int left;

    EventMatch(Point point, Trigger.AtEvent trigger, SymbolTable symbols, List<Observed> observed)
            throws UnresolvedPointException {
        this.point = point;
        this.trigger = trigger;
        this.left = trigger.count();
        fieldIndices = new int[trigger.where().size()];
        wanted = new long[fieldIndices.length];
        List<Field> fields = trigger.kind().fields();
        int next = 0;
        for (int i = 0; i < fields.size(); i++) {
            String value = trigger.where().get(fields.get(i).name());
            if (value != null) {
                Long number = number(fields.get(i), value, symbols, observed);
                if (number == null) {
                    throw new UnresolvedPointException(
                            point,
                            "the guest has no '" + value + "' for "
                                    + fields.get(i).name());
                }
                fieldIndices[next] = i;
                wanted[next++] = number;
            }
        }
    }

    private static @Nullable Long number(Field field, String value, SymbolTable symbols, List<Observed> observed) {
        if (field.type() == FieldType.LABEL) {
            List<String> labels = new ArrayList<>();
            field.labels().forEach(l -> labels.add(l.label()));
            return labels.contains(value) ? (Long) (long) labels.indexOf(value) : null;
        }
        if (field.type() == FieldType.OBSERVED) {
            for (int i = 0; i < observed.size(); i++) {
                if (observed.get(i).name().equals(value)) {
                    return (long) i;
                }
            }
            return null;
        }
        Place place = Place.parse(value);
        Integer address = place == null ? null : place.resolve(symbols);
        if (address != null) {
            return address & 0xffff_ffffL;
        }
        return number(value);
    }

    private static @Nullable Long number(String value) {
        try {
            return Long.decode(value);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** How many there were, up to the one that it was about. */
    int seen() {
        return trigger.count() - left;
    }

    boolean isOpen() {
        return left > 0;
    }

    /** Takes an event; true exactly once, at the event that completes the count. */
    boolean completes(Event event) {
        if (left == 0 || event.kind() != trigger.kind() || (trigger.cpu() >= 0 && event.cpu() != trigger.cpu())) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (event.value(fieldIndices[i]) != wanted[i]) {
                return false;
            }
        }
        return --left == 0;
    }

    /** How many are waited for, for {@link #restore}. */
    int left() {
        return left;
    }

    /** Waits for so many. */
    void restore(int saved) {
        left = saved;
    }
}
