package trapline.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import trapline.block.JournalHeader;
import trapline.cli.ExitCode;
import trapline.cli.UserError;
import trapline.diff.Code;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.guest.SourceLines;
import trapline.journal.Journal;
import trapline.machine.i386.Disassembler;

/** The code of a journal's guest, linked again from the catalogue if the catalogue still holds the very same objects. */
public final class GuestCode implements Code {

    private static final int INSTRUCTION_BYTES_MAX = 15;

    /** The instruction that makes flags, and those up to the branch that asks for them. */
    private static final int INSTRUCTIONS = 3;

    private final GuestImage image;
    private final SourceLines lines;
    private final Disassembler disassembler = new Disassembler();

    private GuestCode(GuestImage image, SourceLines lines) {
        this.image = image;
        this.lines = lines;
    }

    /** The code of a journal's guest: of the objects that it carries, and for the rest those of the catalogue. */
    public static Code of(Journal journal) {
        return of(journal.path(), journal.header());
    }

    /** As above, of a journal or bundle at a path with this header. */
    static Code of(Path path, JournalHeader header) {
        if (header.images().isEmpty()) {
            return Code.none("The run's guest is not one that was linked here, so its code is not known.");
        }
        try {
            GuestBuild guest = GuestBuild.of(RecordedGuest.objects(path.toString(), header.images()), false);
            return new GuestCode(guest.image(), SourceLines.of(guest.objects()));
        } catch (UserError e) {
            return Code.none(
                    e.exitCode() == ExitCode.NOT_REPRODUCED
                            ? "The catalogue of this Trapline has another build of the run's guest, so its code is not known."
                            : "Neither the journal nor the catalogue of this Trapline has the objects that the run's guest"
                                    + " was linked from, so its code is not known.");
        } catch (IOException e) {
            return Code.none("The objects of the run's guest cannot be read, so its code is not known.");
        } catch (GuestException e) {
            return Code.none("The objects of the run's guest do not link, so its code is not known.");
        }
    }

    /** The code of a guest that has just been built. */
    public static Code of(GuestBuild guest) {
        try {
            return new GuestCode(guest.image(), SourceLines.of(guest.objects()));
        } catch (GuestException e) {
            return Code.none("The guest's objects do not link.");
        }
    }

    @Override
    public List<Instruction> listing(long from, long end) {
        List<Instruction> listing = new ArrayList<>();
        for (long at = from; at < end; ) {
            byte[] bytes = bytes(at);
            if (bytes.length == 0) {
                break;
            }
            Disassembler.Line line = disassembler.line(bytes, (int) at, true);
            listing.add(new Instruction(at, line.length(), line.text(), lines.at(at)));
            at += line.length();
        }
        return listing;
    }

    @Override
    public String at(long address) {
        StringBuilder text = new StringBuilder();
        long at = address;
        for (int i = 0; i < INSTRUCTIONS; i++) {
            byte[] bytes = bytes(at);
            if (bytes.length == 0) {
                break;
            }
            Disassembler.Line line = disassembler.line(bytes, (int) at, true);
            text.append(i == 0 ? "" : "; ").append(line.text());
            at += line.length();
            if (line.text().startsWith("j")) {
                break;
            }
        }
        String source = lines.at(address);
        return source.isEmpty() ? text.toString() : text + " [" + source + "]";
    }

    @Override
    public String source(long address) {
        return lines.at(address);
    }

    private byte[] bytes(long address) {
        for (GuestImage.Segment segment : image.segments()) {
            long offset = address - segment.address();
            if (offset >= 0 && offset < segment.bytes().length) {
                int from = (int) offset;
                return Arrays.copyOfRange(
                        segment.bytes(), from, Math.min(from + INSTRUCTION_BYTES_MAX, segment.bytes().length));
            }
        }
        return new byte[0];
    }
}
