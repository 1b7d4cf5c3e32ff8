// The key of the history: 32 random bytes. On the flash they lie only as the phone's key store sealed them; the key that
// opens that seal never leaves the key store.
package app.talus.keep

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.util.AtomicFile
import androidx.annotation.RequiresApi
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.ProviderException
import java.security.SecureRandom
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** What is kept of the key, or why it cannot be had. */
sealed interface Kept {
    /** The key. Whoever takes it wipes it. */
    class Key(val bytes: ByteArray) : Kept

    /** No key was ever kept here. */
    data object Nothing : Kept

    /** A sealed key lies here, and the key store did not answer: it may at another time. */
    data object NotNow : Kept

    /** A sealed key lies here that will never open again: it is spoiled, or what opens it is gone. */
    data object Never : Kept
}

/** The key of one household, sealed in [file], which no backup of the phone takes. */
class HouseholdKey(private val file: File) {
    /** What is kept. A key store that is busy is asked once more before it is said that it does not answer. */
    fun read(): Kept {
        var kept = readOnce()
        repeat(MORE_TRIES) {
            if (kept != Kept.NotNow) return kept
            Thread.sleep(PAUSE_MS)
            kept = readOnce()
        }
        return kept
    }

    private fun readOnce(): Kept {
        val sealed = try {
            AtomicFile(file).readFully()
        } catch (_: IOException) {
            // The flash is read once more at another time too.
            return if (file.exists()) Kept.NotNow else Kept.Nothing
        }
        if (sealed.size != SEALED || sealed[0] !in 1..SEALS) return Kept.Never
        return try {
            val key = store().getKey(alias(sealed[0].toInt()), null) as? SecretKey ?: return Kept.Never
            val opener = Cipher.getInstance(CIPHER)
            opener.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 1, NONCE))
            opener.updateAAD(PURPOSE)
            opener.doFinal(sealed, 1 + NONCE, sealed.size - 1 - NONCE).takeIf { it.size == KEY }?.let(Kept::Key) ?: Kept.Never
        } catch (failure: GeneralSecurityException) {
            if (failure.isFinal()) Kept.Never else Kept.NotNow
        } catch (_: ProviderException) {
            Kept.NotNow
        } catch (_: IOException) {
            Kept.NotNow
        }
    }

    /**
     * A new key, sealed and kept from now on; null where the key store does not give what it took, or nothing stays: a key
     * that cannot be read back is never used, since nobody could open the history again. Only for a household that has none.
     */
    fun make(): ByteArray? {
        val fresh = ByteArray(KEY).also { SecureRandom().nextBytes(it) }
        // What a seal of an earlier history left behind in the key store may open nothing any more; the next one is another.
        val same = (1..SEALS).any { seal -> keep(seal, fresh) && isKept(fresh) }
        if (same) return fresh
        file.delete()
        fresh.fill(0)
        return null
    }

    private fun keep(seal: Int, fresh: ByteArray): Boolean = answered { write(seal(it, seal, fresh)) }

    private fun isKept(fresh: ByteArray): Boolean {
        val back = readOnce() as? Kept.Key ?: return false
        return back.bytes.contentEquals(fresh).also { back.bytes.fill(0) }
    }

    /** Forgets what opens the seal: whatever was sealed with it, on this phone or copied from it, opens never again. */
    fun forget() {
        for (seal in 1..SEALS) answered { it.deleteEntry(alias(seal)) }
    }

    /** Whether the key store did it: it says no in three families of exceptions. */
    private fun answered(call: (KeyStore) -> Unit): Boolean = try {
        call(store())
        true
    } catch (_: GeneralSecurityException) {
        false
    } catch (_: ProviderException) {
        false
    } catch (_: IOException) {
        false
    }

    private fun store(): KeyStore = KeyStore.getInstance(STORE).apply { load(null) }

    private fun seal(store: KeyStore, seal: Int, fresh: ByteArray): ByteArray {
        val sealer = Cipher.getInstance(CIPHER)
        sealer.init(Cipher.ENCRYPT_MODE, store.getKey(alias(seal), null) ?: newSeal(seal))
        sealer.updateAAD(PURPOSE)
        val body = sealer.doFinal(fresh)
        // The key store chooses the nonce itself, so that none is ever used twice.
        check(sealer.iv.size == NONCE && 1 + NONCE + body.size == SEALED) { "the key store seals as no other does" }
        return byteArrayOf(seal.toByte()) + sealer.iv + body
    }

    private fun newSeal(seal: Int): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        // No unlocked phone is asked for: a session goes on behind a locked screen.
        val spec = KeyGenParameterSpec.Builder(alias(seal), purposes).setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE).setKeySize(KEY * 8).build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply { init(spec) }.generateKey()
    }

    private fun write(sealed: ByteArray) {
        file.parentFile?.mkdirs()
        val whole = AtomicFile(file)
        val to = whole.startWrite()
        try {
            to.write(sealed)
            whole.finishWrite(to)
        } catch (failure: IOException) {
            whole.failWrite(to)
            throw failure
        }
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val CIPHER = "AES/GCM/NoPadding"
        const val KEY = 32
        const val NONCE = 12
        const val TAG_BITS = 128

        /** Which seal, nonce, key, tag. */
        const val SEALED = 1 + NONCE + KEY + TAG_BITS / 8

        /** Seals that are tried one after the other, where an earlier one has become unusable. */
        const val SEALS = 8

        /** A key store that is busy is so for a moment only. */
        const val MORE_TRIES = 2
        const val PAUSE_MS = 100L

        /** The name of a seal in the key store. */
        fun alias(seal: Int) = if (seal == 1) "household" else "household-$seal"

        /** Sealed for this and nothing else. */
        val PURPOSE = "app.talus household key 1".toByteArray()
    }
}

/**
 * Whether a key store that says so will never open it: another key made the seal, or the system took the key back. Whatever
 * else it says may be another thing tomorrow.
 */
private fun GeneralSecurityException.isFinal(): Boolean = when (this) {
    is AEADBadTagException, is KeyPermanentlyInvalidatedException -> true
    is UnrecoverableKeyException -> Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU && !transient(cause)
    else -> false
}

/** Since Android 13 a key store says itself whether asking again helps; before, that was not to be told. */
@RequiresApi(Build.VERSION_CODES.TIRAMISU)
private fun transient(cause: Throwable?): Boolean = cause is android.security.KeyStoreException && cause.isTransientFailure
