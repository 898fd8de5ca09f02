package trapline.machine;

/** RAM from physical address 0 upwards. Addresses outside read as all ones and ignore writes, as on a PC. */
public final class PhysicalMemory {
    final byte[] ram;

    PhysicalMemory(int ramBytes) {
        ram = new byte[ramBytes];
    }

    /** Size of RAM in bytes. */
    public int sizeBytes() {
        return ram.length;
    }

    /** Loads bytes, with no event; for images, before the run. */
    public void load(int address, byte[] bytes) {
        System.arraycopy(bytes, 0, ram, address, bytes.length);
    }

    /** The little-endian dword at a physical address. */
    public int dword(int address) {
        return 0;
    }
}
