package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret shared by two parties, of Ceph's type {@code aes}: AES-128 in CBC mode with Ceph's fixed initialisation vector. Its text form is base64 over its encoding, as keyrings and
 * {@code ceph auth} have it. Ceph: CryptoKey (auth/Crypto.h).
 */
public record CryptoKey(Instant created, Bytes secret) {
    public static final int TYPE_NONE = 0;
    public static final int TYPE_AES = 1;
    public static final CryptoKey EMPTY = new CryptoKey(Instant.EPOCH, Bytes.EMPTY);
    public static final Codec<CryptoKey> CODEC = Codec.of(CryptoKey::encode, CryptoKey::decode);

    private static final int SECRET_BYTES = 16;
    private static final byte[] IV = Bytes.of("cephsageyudagreg").toArray();
    private static final long MAGIC = 0xff009cad8826aa55L;

    public static CryptoKey generate(RandomGenerator random, Instant now) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new CryptoKey(now, Bytes.wrap(secret));
    }

    /** From the text form. Throws MalformedInput for anything that is not a key. */
    public static CryptoKey parse(String base64) {
        byte[] raw;
        try {
            raw = Base64.getDecoder().decode(base64.trim());
        } catch (IllegalArgumentException e) {
            throw new MalformedInput("a key that is not base64", e);
        }
        CryptoKey key = CODEC.fromBytes(Bytes.wrap(raw));
        if (key.isEmpty()) {
            throw new MalformedInput("an empty key");
        }
        return key;
    }

    public String toBase64() {
        return Base64.getEncoder().encodeToString(CODEC.toBytes(this).toArray());
    }

    public boolean isEmpty() {
        return secret.isEmpty();
    }

    private void encode(Encoder out) {
        out.u16(isEmpty() ? TYPE_NONE : TYPE_AES);
        out.time(created);
        out.u16(secret.size());
        out.raw(secret);
    }

    private static CryptoKey decode(Decoder in) {
        int type = in.u16();
        Instant created = in.time();
        Bytes secret = in.raw(in.u16()).compact();
        boolean valid = type == TYPE_NONE ? secret.isEmpty() : type == TYPE_AES && secret.size() == SECRET_BYTES;
        if (!valid) {
            throw new MalformedInput("a key of type " + type + " with " + secret.size() + " bytes");
        }
        return new CryptoKey(created, secret);
    }

    /** Ceph's envelope around an encrypted structure: a version and a magic number, then the structure. Ceph: encode_encrypt_enc_bl. */
    Bytes seal(Consumer<Encoder> body) {
        Encoder out = new Encoder();
        out.u8(1).u64(MAGIC);
        body.accept(out);
        return encrypt(out.toBytes());
    }

    /** Opens {@link #seal}'s envelope; MalformedInput where another key closed it. */
    <T> T open(Bytes sealed, Function<Decoder, T> body) {
        Decoder in = new Decoder(decrypt(sealed));
        in.u8();
        if (in.u64() != MAGIC) {
            throw new MalformedInput("encrypted with another key");
        }
        return body.apply(in);
    }

    public Bytes encrypt(Bytes plain) {
        return crypt(Cipher.ENCRYPT_MODE, plain);
    }

    public Bytes decrypt(Bytes encrypted) {
        return crypt(Cipher.DECRYPT_MODE, encrypted);
    }

    private Bytes crypt(int mode, Bytes input) {
        if (isEmpty()) {
            throw new MalformedInput("no key to encrypt or decrypt with");
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(secret.toArray(), "AES"), new IvParameterSpec(IV));
            return Bytes.wrap(cipher.doFinal(input.backingArray(), input.backingOffset(), input.size()));
        } catch (GeneralSecurityException e) {
            throw new MalformedInput("encrypted with another key, or damaged", e);
        }
    }

    /** HMAC-SHA256 of {@code data} under a key of any length. */
    public static byte[] hmacSha256(Bytes key, byte[] data, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.toArray(), "HmacSHA256"));
            mac.update(data, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-SHA256", e);
        }
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return isEmpty() ? "(no key)" : "(key of " + created + ")";
    }
}
