package trapline.cli;

/** What strangers' files may do: {@code trapline man security}, in man(7) macros. */
final class SecurityPage {

    /** What is typed to see it. */
    static final String NAME = "security";

    private SecurityPage() {}

    static String text() {
        return ".TH \"TRAPLINE-SECURITY\" 7 \"\" \"Trapline " + ToolVersion.TOOL + "\"\n" + BODY;
    }

    private static final String BODY = """
            .SH NAME
            trapline-security - what a stranger's file can do, and what a PASS on it is worth
            .SH WHO IS NOT TRUSTED
            Whoever made a journal, bundle, recipe, scenario, C source, object, mail, log, monitor, span file or file name.
            Trusted are the command line, the environment (CC, PATH, JAVA_HOME), the catalogue in the executable, and whoever
            may write to the directories that are read or written while a command runs.
            .SH WHAT A COMMAND MAY DO
            .TP
            \\fBcommands that read\\fR (check, info, show, replay, blame, diff, latency, report, export, doctor)
            read what is named, write what -o names, and run nothing. Chronicle never opens a file that somebody else may
            have made.
            .TP
            \\fBunbundle, recover, import\\fR
            write inside the new directory only, all of it or nothing.
            .TP
            \\fBbundle\\fR
            puts in the journal, its guest from beside it, from --guest or from the catalogue, and what --attach names; no
            user, host or path.
            .TP
            \\fBrepro\\fR
            runs the guest inside the emulated machine: it has no way out to files, network or clock. Nothing is compiled.
            The run ends at the first event that differs, one step past what was recorded, or at --steps-max.
            .TP
            \\fBrecord, compare and the like\\fR
            compile C that the command line or the scenario names; a scenario's files lie in its own folder. gcc gets a fixed
            list of options, text on standard input, an empty directory, limits (60 s, 2 GB, 64 MB of output) and no
            environment but PATH. What is included lies in the source's own folder or among the guest's headers; .incbin,
            .include, precompiled headers and links that lead out are refused by name. gcc itself is trusted to compile
            hostile text.
            .SH LIMITS
            Every reader has a limit for what it takes from a file: 10,000 million events, 1000 files and 64 CPUs of a
            journal, 16 MB of a mail or source, 64 MB of an object, 1 MB of a monitor or span file, 2 million words of a
            header, 20 levels of multipart. Above it there is one line and exit code 4.
            .SH WHAT IS PRINTED
            Characters that cannot be seen (control, directional, line separators) in anything that is printed or written as
            text appear as \\eu and four digits. Cells of CSV that a spreadsheet would compute begin with an apostrophe.
            The page of report loads nothing, and its policy lets no script run but its own.
            .SH WHAT A PASS IS WORTH
            A journal is not signed. Whoever can write one can write one that passes: checksums and digests find accidents,
            no lies. Only repro ties a journal to a run: the same guest gives the same events on your machine; read the
            guest's source to know what was run. Nothing is green that was not judged: events that are lost, blocks that do
            not belong and files that are skipped end with 3 or worse.
            .PP
            bundle --sign KEY writes FILE.sig with an Ed25519 key of SSH, and check --verify KEYS judges only what one of the
            keys has signed; ssh-keygen -Y sign and -Y verify with -n trapline do the same. A signature says who vouches for
            the bytes, and nothing about them.
            .SH WHAT IS TESTED
            The sources of strangers, mails, signatures and what is printed by 14 commands (package trapline.security; most
            of the limits above have no test yet), 10,000 damaged journals and as many bundles (mvn -Pdamage), coverage-guided fuzzing of blocks, bundles and mails (mvn -Pfuzz), every trace of the checks
            without every single event, hostile objects, killed writers and full disks.
            .SH WHERE TO REPORT
            To the maintainers by mail, with the file and the command; say so if it must not be passed on.
            """;
}
