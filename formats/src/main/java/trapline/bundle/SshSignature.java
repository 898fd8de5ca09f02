package trapline.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import trapline.block.JournalException;

/**
 * Signatures of whole files as {@code ssh-keygen -Y sign -n trapline} makes and {@code ssh-keygen -Y verify} checks them
 * (OpenSSH PROTOCOL.sshsig), with Ed25519 keys: who vouches for a bundle needs no key but the one that is there already.
 *
 * <pre>
 *   FILE.sig   -----BEGIN SSH SIGNATURE-----
 *              "SSHSIG" u32 1, public key, "trapline", "", "sha512", signature      in Base64
 *              -----END SSH SIGNATURE-----
 *   signed     "SSHSIG", "trapline", "", "sha512", SHA-512 of the file
 * </pre>
 */
public final class SshSignature {

    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY_MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final String NAMESPACE = "trapline";
    private static final String HASH = "sha512";
    private static final String TYPE = "ssh-ed25519";
    private static final int TEXT_BYTES_MAX = 1 << 16;
    private static final int COLUMNS = 70;
    private static final int KEY_BYTES = 32;

    /** What stands before the 32 bytes of a key in the JDK's encodings (RFC 8410). */
    private static final byte[] PRIVATE_PREFIX = {
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
    };

    private static final byte[] PUBLIC_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private static final Pattern PUBLIC_LINE = Pattern.compile("ssh-ed25519 ([A-Za-z0-9+/]+={0,2})");
    private static final Pattern ARMOR =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private SshSignature() {}

    /** Where the signature of a file stands. */
    public static Path of(Path file) {
        return file.resolveSibling(file.getFileName() + ".sig");
    }

    /**
     * Signs a file.
     *
     * @param file what is signed
     * @param key a private key as {@code ssh-keygen -t ed25519} makes it, without a passphrase
     * @return the text of the signature
     * @throws JournalException if the key cannot be used
     */
    public static String sign(Path file, Path key) throws IOException {
        byte[] pair = privateKey(key);
        try {
            PrivateKey secret = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(joined(PRIVATE_PREFIX, Arrays.copyOf(pair, KEY_BYTES))));
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(secret);
            signature.update(signed(sha512(file)));
            byte[] made = packed(TYPE.getBytes(StandardCharsets.US_ASCII), signature.sign());
            byte[] head = joined(MAGIC, new byte[] {0, 0, 0, 1});
            byte[] blob = packed(TYPE.getBytes(StandardCharsets.US_ASCII), Arrays.copyOfRange(pair, KEY_BYTES, 64));
            byte[] rest = packed(blob, bytes(NAMESPACE), new byte[0], bytes(HASH), made);
            String text = Base64.getMimeEncoder(COLUMNS, bytes("\n")).encodeToString(joined(head, rest));
            return "-----BEGIN SSH SIGNATURE-----\n" + text + "\n-----END SSH SIGNATURE-----\n";
        } catch (GeneralSecurityException e) {
            throw new JournalException(key + ": is no key to sign with", e);
        }
    }

    /**
     * Checks that one of some keys has signed a file.
     *
     * @param file what is signed; its signature stands beside it
     * @param keys public keys as in {@code id_ed25519.pub}, {@code authorized_keys} or {@code allowed_signers}
     * @return why it is not so; empty if it is
     * @throws IOException if a file cannot be read
     */
    public static String problem(Path file, Path keys) throws IOException {
        Path signature = of(file);
        if (!Files.isRegularFile(signature)) {
            return "it is not signed (there is no " + signature.getFileName() + " beside it)";
        }
        List<byte[]> known = publicKeys(keys);
        try {
            ByteBuffer in = ByteBuffer.wrap(armored(signature, "SSH SIGNATURE"));
            byte[] magic = new byte[MAGIC.length];
            in.get(magic);
            if (!Arrays.equals(magic, MAGIC) || in.getInt() != 1) {
                return "its signature is of another kind";
            }
            byte[] key = part(in);
            boolean ours = text(part(in)).equals(NAMESPACE)
                    && part(in).length == 0
                    && text(part(in)).equals(HASH);
            if (!ours) {
                return "its signature was made for something else than trapline";
            }
            if (known.stream().noneMatch(k -> Arrays.equals(k, key))) {
                return "it is signed with another key";
            }
            ByteBuffer made = ByteBuffer.wrap(part(in));
            boolean holds = text(part(made)).equals(TYPE) && holds(key, part(made), signed(sha512(file)));
            return holds ? "" : "its signature does not hold: the file was changed";
        } catch (GeneralSecurityException | RuntimeException e) {
            return "its signature cannot be read";
        }
    }

    private static boolean holds(byte[] key, byte[] signature, byte[] signed) throws GeneralSecurityException {
        ByteBuffer in = ByteBuffer.wrap(key);
        if (!text(part(in)).equals(TYPE)) {
            return false;
        }
        PublicKey known = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(joined(PUBLIC_PREFIX, part(in))));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(known);
        verifier.update(signed);
        return verifier.verify(signature);
    }

    private static byte[] signed(byte[] hash) {
        return joined(MAGIC, packed(bytes(NAMESPACE), new byte[0], bytes(HASH), hash));
    }

    private static byte[] sha512(Path file) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        byte[] chunk = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return digest.digest();
    }

    private static List<byte[]> publicKeys(Path keys) throws IOException {
        List<byte[]> known = new ArrayList<>();
        Matcher lines = PUBLIC_LINE.matcher(text(limited(keys)));
        while (lines.find()) {
            known.add(Base64.getDecoder().decode(lines.group(1)));
        }
        if (known.isEmpty()) {
            throw new JournalException(keys + ": has no public key 'ssh-ed25519 …' in it");
        }
        return known;
    }

    /** Seed and public key, 32 bytes each. */
    private static byte[] privateKey(Path key) throws IOException {
        try {
            ByteBuffer in = ByteBuffer.wrap(armored(key, "OPENSSH PRIVATE KEY"));
            byte[] magic = new byte[KEY_MAGIC.length];
            in.get(magic);
            String cipher = text(part(in));
            part(in); // key derivation, and its options
            part(in);
            if (!Arrays.equals(magic, KEY_MAGIC) || !cipher.equals("none") || in.getInt() != 1) {
                throw new JournalException(
                        key + ": is not an Ed25519 key without a passphrase, as ssh-keygen -t ed25519 -N '' makes it");
            }
            part(in); // the public key, which stands below too
            ByteBuffer secret = ByteBuffer.wrap(part(in)).position(8);
            if (!text(part(secret)).equals(TYPE)) {
                throw new JournalException(key + ": is a key of another kind than Ed25519");
            }
            part(secret);
            byte[] pair = part(secret);
            return pair.length == 2 * KEY_BYTES ? pair : new byte[0];
        } catch (RuntimeException e) {
            throw new JournalException(key + ": is not a private key of OpenSSH", e);
        }
    }

    private static byte[] armored(Path file, String what) throws IOException {
        Matcher armor = ARMOR.matcher(text(limited(file)));
        if (!armor.find() || !armor.group(1).equals(what)) {
            throw new IllegalArgumentException("no " + what);
        }
        return Base64.getMimeDecoder().decode(armor.group(2));
    }

    private static byte[] limited(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(TEXT_BYTES_MAX);
        }
    }

    /** The next string: its length in four bytes, and then it. */
    private static byte[] part(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("longer than the text");
        }
        byte[] part = new byte[length];
        in.get(part);
        return part;
    }

    private static byte[] packed(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
