package trapline.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long a file and a method may be, and how many parameters a method may have. */
class SizesTest {
    private static final int FILE_LINES_MAX = 500;
    private static final int METHOD_LINES_MAX = 60;
    private static final int PARAMETERS_MAX = 8;
    private static final int FILES_MIN = 400;

    /** Longer today, and not to grow: file or method, and its lines. */
    private static final Map<String, Integer> LONGER = Map.of(
            "X87.java",
            740,
            "Machine.java",
            560,
            "Journal.java",
            510,
            "Observer.java",
            530,
            "EventTextParser.java body",
            72);

    @Test
    void filesAreShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        List<Path> sources = sources();
        for (Path source : sources) {
            long lines = Files.readString(source).lines().count();
            if (lines > LONGER.getOrDefault(name(source), FILE_LINES_MAX)) {
                tooLong.add(name(source) + ": " + lines + " lines");
            }
        }
        assertThat(sources).hasSizeGreaterThan(FILES_MIN);
        assertThat(tooLong).isEmpty();
    }

    @Test
    void methodsAreShortAndHaveFewParameters() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Methods methods = new Methods();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources()));
            Iterable<? extends CompilationUnitTree> units = task.parse();
            methods.positions = Trees.instance(task).getSourcePositions();
            methods.scan(units, null);
        }
        assertThat(methods.seen).isGreaterThan(FILES_MIN);
        assertThat(methods.tooBig).isEmpty();
    }

    private static String name(Path source) {
        return source.getFileName().toString();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module :
                List.of("formats", "analyzer", "analyzer/query", "analyzer/spark", "recorder", "samples")) {
            Path root = Path.of("..", module, "src");
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(f -> f.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    /** A record's components are its table, so its canonical constructor may have as many as it likes. */
    private static final class Methods extends TreeScanner<@Nullable Void, @Nullable Void> {
        private @Nullable SourcePositions positions;
        private @Nullable CompilationUnitTree unit;
        private final List<String> tooBig = new ArrayList<>();
        private int seen;
        private boolean inRecord;

        @Override
        public @Nullable Void visitCompilationUnit(CompilationUnitTree node, @Nullable Void unused) {
            unit = node;
            return super.visitCompilationUnit(node, null);
        }

        @Override
        public @Nullable Void visitClass(ClassTree node, @Nullable Void unused) {
            boolean outer = inRecord;
            inRecord = node.getKind() == Tree.Kind.RECORD;
            super.visitClass(node, null);
            inRecord = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree node, @Nullable Void unused) {
            seen++;
            boolean canonical = inRecord && node.getReturnType() == null;
            if (!canonical && node.getParameters().size() > PARAMETERS_MAX) {
                tooBig.add(place(node) + ": " + node.getParameters().size() + " parameters");
            }
            long lines = line(positions().getEndPosition(unit(), node))
                    - line(positions().getStartPosition(unit(), node))
                    + 1;
            if (lines > LONGER.getOrDefault(place(node), METHOD_LINES_MAX)) {
                tooBig.add(place(node) + ": " + lines + " lines");
            }
            return super.visitMethod(node, null);
        }

        private String place(MethodTree node) {
            return Path.of(unit().getSourceFile().getName()).getFileName() + " " + node.getName();
        }

        private long line(long position) {
            return unit().getLineMap().getLineNumber(position);
        }

        private SourcePositions positions() {
            return Objects.requireNonNull(positions);
        }

        private CompilationUnitTree unit() {
            return Objects.requireNonNull(unit);
        }
    }
}
