package trapline.guest;

/**
 * The part of ELF for i386 that guests use.
 *
 * <pre>
 *   file header, 52 bytes          section header, 40 bytes     program header, 32 bytes
 *   +0  7f 'E' 'L' 'F' 1 1 1       +0  name (in shstrtab)       +0  type
 *   +16 type, machine (u16)        +4  type                     +4  offset
 *   +24 entry                      +8  flags                    +8  virtual address
 *   +28 program headers' offset    +12 address                  +12 physical address
 *   +32 section headers' offset    +16 offset                   +16 bytes in the file
 *   +42 phentsize, phnum (u16)     +20 size                     +20 bytes in memory
 *   +46 shentsize, shnum (u16)     +24 link                     +24 flags
 *   +50 shstrndx (u16)             +28 info                     +28 alignment
 *                                  +32 alignment
 *   symbol, 16 bytes               +36 entry size               relocation, 8 bytes
 *   +0  name (in strtab)                                        +0  offset in its section
 *   +4  value                                                   +4  symbol &lt;&lt; 8 | type
 *   +8  size
 *   +12 bind &lt;&lt; 4 | type (u8), other (u8), section (u16)
 * </pre>
 */
final class Elf {

    static final int HEADER_BYTES = 52;
    static final int SECTION_BYTES = 40;
    static final int PROGRAM_BYTES = 32;
    static final int SYMBOL_BYTES = 16;
    static final int RELOCATION_BYTES = 8;

    static final int MAGIC = 0x464c457f;
    static final int CLASS_32_LITTLE_ENDIAN = 0x010101;
    static final int MACHINE_386 = 3;
    static final int TYPE_RELOCATABLE = 1;
    static final int TYPE_EXECUTABLE = 2;

    static final int SHT_PROGBITS = 1;
    static final int SHT_SYMTAB = 2;
    static final int SHT_STRTAB = 3;
    static final int SHT_RELA = 4;
    static final int SHT_NOTE = 7;
    static final int SHT_NOBITS = 8;
    static final int SHT_REL = 9;

    static final int SHF_WRITE = 1;
    static final int SHF_ALLOC = 2;
    static final int SHF_EXECINSTR = 4;

    static final int SHN_UNDEF = 0;
    static final int SHN_LORESERVE = 0xff00;
    static final int SHN_ABS = 0xfff1;
    static final int SHN_COMMON = 0xfff2;

    static final int STB_LOCAL = 0;
    static final int STB_GLOBAL = 1;
    static final int STB_WEAK = 2;
    static final int STT_NOTYPE = 0;
    static final int STT_OBJECT = 1;
    static final int STT_FUNC = 2;
    static final int STT_SECTION = 3;
    static final int STT_FILE = 4;

    static final int PT_LOAD = 1;

    static final int R_386_NONE = 0;
    static final int R_386_32 = 1;
    static final int R_386_PC32 = 2;
    static final int R_386_PLT32 = 4;
    static final int R_386_16 = 20;
    static final int R_386_PC16 = 21;

    /** No object or executable that is a guest comes near; a limit keeps a hostile one from filling the heap. */
    static final int FILE_BYTES_MAX = 64 << 20;

    static final int SYMBOLS_MAX = 100_000;
    static final int NAME_BYTES_MAX = 512;
    static final int ALIGNMENT_MAX = 1 << 16;
    /** Of a loaded image, zero-filled parts included. */
    static final int IMAGE_BYTES_MAX = 256 << 20;

    private Elf() {}
}
