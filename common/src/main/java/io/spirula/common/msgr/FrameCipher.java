package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** One direction of a secure connection: AES-128-GCM with a nonce that counts up. Ceph: crypto_onwire.cc, with msgr2.1's nonce. */
final class FrameCipher {
    static final int TAG_BYTES = 16;
    static final int BLOCK_BYTES = 16;

    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final int mode;
    private final byte[] nonce;
    private final long firstCounter;
    private boolean firstUsed;

    private FrameCipher(int mode, byte[] secret, int nonceAt) {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
        this.mode = mode;
        key = new SecretKeySpec(secret, 0, KEY_BYTES, "AES");
        nonce = java.util.Arrays.copyOfRange(secret, nonceAt, nonceAt + NONCE_BYTES);
        firstCounter = (long) U64.get(nonce, 4);
    }

    /** The cipher for what we receive. The secret is key, then the connecting side's receiving nonce, then its sending nonce. */
    static FrameCipher receiving(Bytes secret, boolean connecting) {
        return new FrameCipher(Cipher.DECRYPT_MODE, checked(secret), connecting ? KEY_BYTES : KEY_BYTES + NONCE_BYTES);
    }

    static FrameCipher sending(Bytes secret, boolean connecting) {
        return new FrameCipher(Cipher.ENCRYPT_MODE, checked(secret), connecting ? KEY_BYTES + NONCE_BYTES : KEY_BYTES);
    }

    private static byte[] checked(Bytes secret) {
        if (secret.size() < KEY_BYTES + 2 * NONCE_BYTES) {
            throw new MalformedInput("a connection secret of " + secret.size() + " bytes for the secure mode");
        }
        return secret.toArray();
    }

    static int padded(int length) {
        return (length + BLOCK_BYTES - 1) & -BLOCK_BYTES;
    }

    /** Encrypts or decrypts one unit as a whole; the tag stands behind the encrypted bytes. Gives the number of bytes written. */
    int apply(byte[] in, int from, int length, byte[] out, int at) {
        long counter = (long) U64.get(nonce, 4);
        if (counter == firstCounter) {
            if (firstUsed) {
                throw new MalformedInput("the connection has used up its nonces");
            }
            firstUsed = true;
        }
        try {
            cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
            U64.set(nonce, 4, counter + 1);
            return cipher.doFinal(in, from, length, out, at);
        } catch (GeneralSecurityException e) {
            throw new MalformedInput("a frame that does not decrypt", e);
        }
    }
}
