package trapline.cli;

/** The version of the tool, as {@code --version} prints it and as manifests of bundles carry it. */
public final class ToolVersion {
    /** The version in {@code pom.xml}. */
    public static final String TOOL = "0.1.0";

    private ToolVersion() {}
}
