package trapline.checks;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;

/**
 * A check that judges each moment by the event and the state alone and keeps nothing. One that keeps something all the
 * same cannot be made: it would forget it in every part of a stream.
 */
public abstract class MemorylessCheck extends RepeatableCheck {

    public MemorylessCheck(CheckInfo info) {
        super(info);
        for (Class<?> type = getClass(); type != null && type != MemorylessCheck.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (keeps(field)) {
                    throw new IllegalStateException(
                            type.getName() + " keeps " + field.getName() + ": it must say what of it matters later");
                }
            }
        }
    }

    private static boolean keeps(Field field) {
        int modifiers = field.getModifiers();
        boolean isConstant = Modifier.isFinal(modifiers)
                && (field.getType().isPrimitive() || field.getType().isEnum());
        return !Modifier.isStatic(modifiers) && !field.isSynthetic() && !isConstant;
    }

    @Override
    public final Object memory() {
        return List.of();
    }

    @Override
    public final void recall(Object memory) {}
}
