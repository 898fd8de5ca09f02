package trapline.block;

import java.io.IOException;

/** Takes blocks as they are stored. */
@FunctionalInterface
public interface BlockOutput {

    /**
     * Takes one block.
     *
     * @param name of its entry in a bundle
     * @param block all of its bytes, checksum included
     */
    void accept(String name, byte[] block) throws IOException;
}
