package trapline.replay;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;

/**
 * Copies what objects remember, field by field, so that a check need not know that it is forked. One use makes one copy:
 * an object that is reached twice is copied once. What cannot change is shared: strings, numbers, enums, records, the
 * unchangeable collections of the JDK, and what {@link #replacing} was told. A class of the JDK that is not known here is
 * refused rather than shared, since two runs would then write to one object.
 */
public final class StateCopy {

    private static final Set<Class<?>> VALUES = Set.of(
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Class.class,
            Guest.class);

    private static final Map<Class<?>, Supplier<Collection<Object>>> COLLECTIONS = Map.of(
            ArrayList.class, ArrayList::new,
            ArrayDeque.class, ArrayDeque::new,
            HashSet.class, HashSet::new,
            LinkedHashSet.class, LinkedHashSet::new,
            TreeSet.class, TreeSet::new);

    private static final Map<Class<?>, Supplier<Map<Object, Object>>> MAPS =
            Map.of(HashMap.class, HashMap::new, LinkedHashMap.class, LinkedHashMap::new, TreeMap.class, TreeMap::new);

    private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            return fields(type);
        }
    };

    private static final ClassValue<Constructor<?>> BLANKS = new ClassValue<>() {
        @Override
        protected Constructor<?> computeValue(Class<?> type) {
            return blank(type);
        }
    };

    private static final ClassValue<Boolean> IS_VALUE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return VALUES.contains(type)
                    || type.isRecord()
                    || type.isEnum()
                    || (type.getSuperclass() != null && type.getSuperclass().isEnum())
                    || type.getName().startsWith("java.util.ImmutableCollections$");
        }
    };

    private final IdentityHashMap<Object, Object> copies = new IdentityHashMap<>();

    /** Nothing is copied yet. */
    public StateCopy() {}

    /** References to an object become references to another, which is not copied. */
    public void replacing(Object object, Object by) {
        copies.put(object, by);
    }

    /** The values of all fields of an object, copied. */
    public @Nullable Object[] values(Object object) {
        Field[] fields = FIELDS.get(object.getClass());
        @Nullable Object[] values = new @Nullable Object[fields.length];
        for (int i = 0; i < fields.length; i++) {
            values[i] = of(get(fields[i], object));
        }
        return values;
    }

    /** Gives an object copies of values that {@link #values} took of one of its class. */
    public void give(Object object, @Nullable Object[] values) {
        Field[] fields = FIELDS.get(object.getClass());
        for (int i = 0; i < fields.length; i++) {
            set(fields[i], object, of(values[i]));
        }
    }

    /** A copy of an object of a known class. */
    public <T> T copy(T object) {
        @SuppressWarnings("unchecked") // a copy is of the class of what it is a copy of
        T copy = (T) Objects.requireNonNull(of(object));
        return copy;
    }

    /** A copy, or the object itself where it cannot change. */
    @Nullable Object of(@Nullable Object object) {
        if (object == null || IS_VALUE.get(object.getClass())) {
            return object;
        }
        Object known = copies.get(object);
        return known != null ? known : fresh(object);
    }

    private Object fresh(Object object) {
        Class<?> type = object.getClass();
        if (type.isArray()) {
            return array(object, type.getComponentType());
        }
        if (object instanceof Event event) {
            return noted(object, event.copy());
        }
        if (object instanceof Collection<?> || object instanceof Map<?, ?> || object instanceof BitSet) {
            return container(object);
        }
        if (type.isHidden() || type.isSynthetic()) {
            return closure(object);
        }
        if (type.getName().startsWith("java.") || type.getName().startsWith("jdk.")) {
            throw new IllegalStateException("a " + type.getName() + " cannot be copied");
        }
        return plain(object, type);
    }

    private Object noted(Object object, Object copy) {
        copies.put(object, copy);
        return copy;
    }

    private Object array(Object object, Class<?> component) {
        int length = Array.getLength(object);
        Object copy = noted(object, Array.newInstance(component, length));
        if (component.isPrimitive()) {
            System.arraycopy(object, 0, copy, 0, length);
        } else {
            @Nullable Object[] from = (@Nullable Object[]) object;
            @Nullable Object[] to = (@Nullable Object[]) copy;
            for (int i = 0; i < length; i++) {
                to[i] = of(from[i]);
            }
        }
        return copy;
    }

    private Object container(Object object) {
        Class<?> type = object.getClass();
        if (object instanceof BitSet bits) {
            return noted(object, bits.clone());
        }
        if (object instanceof EnumMap<?, ?> map) {
            EnumMap<?, Object> copy = emptied(map);
            noted(object, copy);
            map.forEach((key, value) -> put(copy, key, copy(value)));
            return copy;
        }
        if (object instanceof EnumSet<?> set) {
            return noted(object, set.clone());
        }
        Supplier<Collection<Object>> collection = COLLECTIONS.get(type);
        if (collection != null) {
            Collection<Object> copy = collection.get();
            noted(object, copy);
            ((Collection<?>) object).forEach(element -> copy.add(copy(element)));
            return copy;
        }
        Supplier<Map<Object, Object>> map = MAPS.get(type);
        if (map == null) {
            throw new IllegalStateException("a " + type.getName() + " cannot be copied");
        }
        Map<Object, Object> copy = map.get();
        noted(object, copy);
        ((Map<?, ?>) object).forEach((key, value) -> copy.put(copy(key), copy(value)));
        return copy;
    }

    @SuppressWarnings("unchecked") // a clone without its values can take any
    private static EnumMap<?, Object> emptied(EnumMap<?, ?> map) {
        EnumMap<?, Object> copy = (EnumMap<?, Object>) map.clone();
        copy.clear();
        return copy;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the key is of the map's own type
    private static void put(EnumMap copy, Object key, Object value) {
        copy.put((Enum) key, value);
    }

    /** A lambda has no state but what it has captured, and that it cannot be given anew. */
    private Object closure(Object object) {
        for (Field field : object.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            Object captured = get(field, object);
            if (captured != null && of(captured) != captured) {
                throw new IllegalStateException(
                        "a lambda that captured a " + captured.getClass() + " cannot be copied");
            }
        }
        return noted(object, object);
    }

    private Object plain(Object object, Class<?> type) {
        try {
            Object copy = noted(object, BLANKS.get(type).newInstance());
            for (Field field : FIELDS.get(type)) {
                Class<?> of = field.getType();
                if (of == long.class) {
                    field.setLong(copy, field.getLong(object));
                } else if (of == int.class) {
                    field.setInt(copy, field.getInt(object));
                } else if (of == boolean.class) {
                    field.setBoolean(copy, field.getBoolean(object));
                } else {
                    field.set(copy, of(field.get(object)));
                }
            }
            return copy;
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(type + " cannot be copied", e);
        }
    }

    /** Makes an object whose constructors are not run, as deserialisation does. javac has a warning for the class by name. */
    private static Constructor<?> blank(Class<?> type) {
        try {
            Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
            Object instance = factory.getMethod("getReflectionFactory").invoke(null);
            return (Constructor<?>) factory.getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                    .invoke(instance, type, Object.class.getDeclaredConstructor());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK makes no object without a constructor", e);
        }
    }

    private static @Nullable Object get(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be read", e);
        }
    }

    private static void set(Field field, Object object, @Nullable Object value) {
        try {
            field.set(object, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be written", e);
        }
    }

    private static Field[] fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields.toArray(Field[]::new);
    }
}
