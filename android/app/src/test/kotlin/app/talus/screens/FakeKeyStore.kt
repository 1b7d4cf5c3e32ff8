// A key store as the phone has one, in memory: what it keeps can be lost, spoiled or silent, as phones do it.
package app.talus.screens

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStore
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.ProviderException
import java.security.SecureRandom
import java.security.Security
import java.security.UnrecoverableKeyException
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/** What is in it; [silent] where it answers nothing now, [silentFor] so many times more; [unrecoverable] where a key is spoiled. */
object FakeKeyStore {
    val keys = mutableMapOf<String, SecretKey>()
    var silent = false
    var silentFor = 0
    val unrecoverable = mutableSetOf<String>()

    /** Puts it, empty, in the place of the phone's. */
    fun install() {
        keys.clear()
        silent = false
        silentFor = 0
        unrecoverable.clear()
        Security.removeProvider(NAME)
        Security.addProvider(FakeProvider())
    }

    /** Takes it away. */
    fun remove() = Security.removeProvider(NAME)

    /** The key was lost, and another one has its name: what the first one sealed opens no more. */
    fun replaceEveryKey() = keys.keys.toList().forEach { keys[it] = fresh() }

    internal fun fresh() = SecretKeySpec(ByteArray(32).also { SecureRandom().nextBytes(it) }, "AES")

    internal fun answer() {
        if (silent || silentFor-- > 0) throw ProviderException("the key store does not answer")
    }

    internal const val NAME = "AndroidKeyStore"
}

private class FakeProvider : Provider(FakeKeyStore.NAME, "1", "a key store of the tests") {
    init {
        put("KeyStore.${FakeKeyStore.NAME}", FakeStore::class.java.name)
        put("KeyGenerator.AES", FakeGenerator::class.java.name)
    }
}

class FakeGenerator : KeyGeneratorSpi() {
    private lateinit var spec: KeyGenParameterSpec

    override fun engineInit(random: SecureRandom?) = error("told nothing")

    override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
        spec = params as KeyGenParameterSpec
    }

    override fun engineInit(keysize: Int, random: SecureRandom?) = error("told nothing")

    override fun engineGenerateKey(): SecretKey {
        FakeKeyStore.answer()
        check(spec.keySize == 256 && spec.blockModes.single() == "GCM" && spec.encryptionPaddings.single() == "NoPadding")
        check(!spec.isUserAuthenticationRequired) { "a session goes on behind a locked screen" }
        return FakeKeyStore.fresh().also { FakeKeyStore.keys[spec.keystoreAlias] = it }
    }
}

class FakeStore : KeyStoreSpi() {
    override fun engineLoad(stream: InputStream?, password: CharArray?) = FakeKeyStore.answer()

    override fun engineGetKey(alias: String, password: CharArray?): Key? {
        if (alias in FakeKeyStore.unrecoverable) throw UnrecoverableKeyException("the system took it back")
        return FakeKeyStore.keys[alias]
    }

    override fun engineContainsAlias(alias: String) = alias in FakeKeyStore.keys

    override fun engineDeleteEntry(alias: String) {
        FakeKeyStore.keys.remove(alias)
    }

    override fun engineSize() = FakeKeyStore.keys.size

    override fun engineIsKeyEntry(alias: String) = alias in FakeKeyStore.keys

    override fun engineAliases(): Enumeration<String> = Collections.enumeration(FakeKeyStore.keys.keys)

    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

    override fun engineGetCertificate(alias: String): Certificate? = null

    override fun engineGetCreationDate(alias: String): Date? = null

    override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<out Certificate>?) = error("not asked")

    override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<out Certificate>?) = error("not asked")

    override fun engineSetCertificateEntry(alias: String, cert: Certificate) = error("not asked")

    override fun engineIsCertificateEntry(alias: String) = false

    override fun engineGetCertificateAlias(cert: Certificate): String? = null

    override fun engineStore(stream: OutputStream?, password: CharArray?) = error("not asked")
}

/** The beginning of a history as SQLCipher leaves it: an open head and, in byte 20, the room it keeps free in each page. */
fun sealedHistory(): ByteArray {
    val head = "SQLite format 3\u0000".toByteArray() + ByteArray(84).also { it[4] = SEALED_RESERVE }
    return head + ByteArray(4096 - head.size) { (it * 37).toByte() }
}

private const val SEALED_RESERVE: Byte = 80
