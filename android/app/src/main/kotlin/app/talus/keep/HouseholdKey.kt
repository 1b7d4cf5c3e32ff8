// The key of the history: 32 random bytes. On the flash they lie only as the phone's key store sealed them; the key that
// opens that seal never leaves the key store.
package app.talus.keep

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.AtomicFile
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.ProviderException
import java.security.SecureRandom
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

    /** A sealed key lies here, and the key store does not open it: not now, or never again. */
    data object Unopened : Kept
}

/** The key of one household, sealed in [file], which no backup of the phone takes. */
class HouseholdKey(private val file: File) {
    /** What is kept. */
    fun read(): Kept {
        val sealed = try {
            AtomicFile(file).readFully()
        } catch (_: IOException) {
            return if (file.exists()) Kept.Unopened else Kept.Nothing
        }
        if (sealed.size != SEALED || sealed[0] != FORMAT) return Kept.Unopened
        return guarded { store ->
            val key = (store.getKey(ALIAS, null) as? SecretKey) ?: return@guarded null
            val opener = Cipher.getInstance(CIPHER)
            opener.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 1, NONCE))
            opener.updateAAD(PURPOSE)
            opener.doFinal(sealed, 1 + NONCE, sealed.size - 1 - NONCE).takeIf { it.size == KEY }
        }?.let(Kept::Key) ?: Kept.Unopened
    }

    /**
     * A new key, sealed and kept from now on; null where the key store does not give what it took, or nothing stays: a key
     * that cannot be read back is never used, since nobody could open the history again. Only for a household that has none.
     */
    fun make(): ByteArray? {
        val fresh = ByteArray(KEY).also { SecureRandom().nextBytes(it) }
        val kept = guarded { store -> write(seal(store, fresh)) } != null
        val back = if (kept) read() else null
        val same = back is Kept.Key && back.bytes.contentEquals(fresh)
        (back as? Kept.Key)?.bytes?.fill(0)
        if (same) return fresh
        fresh.fill(0)
        return null
    }

    /** Forgets what opens the seal: whatever was sealed with it, on this phone or copied from it, opens never again. */
    fun forget() {
        guarded { store -> store.deleteEntry(ALIAS) }
    }

    private fun seal(store: KeyStore, fresh: ByteArray): ByteArray {
        val sealer = Cipher.getInstance(CIPHER)
        sealer.init(Cipher.ENCRYPT_MODE, store.getKey(ALIAS, null) ?: newSeal())
        sealer.updateAAD(PURPOSE)
        val body = sealer.doFinal(fresh)
        // The key store chooses the nonce itself, so that none is ever used twice.
        check(sealer.iv.size == NONCE && 1 + NONCE + body.size == SEALED) { "the key store seals as no other does" }
        return byteArrayOf(FORMAT) + sealer.iv + body
    }

    private fun newSeal(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        // No unlocked phone is asked for: a session goes on behind a locked screen.
        val spec = KeyGenParameterSpec.Builder(ALIAS, purposes).setBlockModes(KeyProperties.BLOCK_MODE_GCM)
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

    /** A key store says no in three families of exceptions; each means that there is no key now. */
    private fun <T : Any> guarded(call: (KeyStore) -> T?): T? = try {
        call(KeyStore.getInstance(STORE).apply { load(null) })
    } catch (_: GeneralSecurityException) {
        null
    } catch (_: ProviderException) {
        null
    } catch (_: IOException) {
        null
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val ALIAS = "household"
        const val CIPHER = "AES/GCM/NoPadding"
        const val KEY = 32
        const val NONCE = 12
        const val TAG_BITS = 128

        /** Format, nonce, key, tag. */
        const val SEALED = 1 + NONCE + KEY + TAG_BITS / 8
        const val FORMAT: Byte = 1

        /** Sealed for this and nothing else. */
        val PURPOSE = "app.talus household key 1".toByteArray()
    }
}
