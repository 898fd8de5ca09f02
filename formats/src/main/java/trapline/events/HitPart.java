package trapline.events;

/** What of a CPU's state a hit left otherwise. The ordinal is the code in an event, so rows are only ever appended. */
public enum HitPart implements Labelled {
    /** General registers, in the order of their encoding. */
    EAX("eax"),
    ECX("ecx"),
    EDX("edx"),
    EBX("ebx"),
    ESP("esp"),
    EBP("ebp"),
    ESI("esi"),
    EDI("edi"),
    /** Where the CPU goes on. */
    IP("ip"),
    /** EFLAGS but for RF. */
    EFLAGS("eflags"),
    /** Selectors, in the order of their encoding. */
    ES("es"),
    CS("cs"),
    SS("ss"),
    DS("ds"),
    FS("fs"),
    GS("gs"),
    /** A byte that the instruction stores. */
    MEMORY("memory"),
    /** Vector of the fault that the instruction takes; all ones: none. */
    FAULT("fault");

    private final String label;

    HitPart(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
