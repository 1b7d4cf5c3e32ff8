// The language of the app, which a phone's settings choose too since Android 13: both always say the same.
package app.talus

import android.app.LocaleManager
import android.content.Context
import android.os.Build
import android.os.LocaleList
import androidx.annotation.RequiresApi

/** What the phone's settings have for this app; null where they have its own language. */
@RequiresApi(Build.VERSION_CODES.TIRAMISU)
internal fun languageOfPhone(context: Context): String? =
    context.getSystemService(LocaleManager::class.java).applicationLocales.takeUnless { it.isEmpty }?.get(0)?.language

/** The phone's settings have this language for the app from now on, or the phone's own. */
@RequiresApi(Build.VERSION_CODES.TIRAMISU)
internal fun tellLanguage(context: Context, language: String?) {
    val chosen = if (language == null) LocaleList.getEmptyLocaleList() else LocaleList.forLanguageTags(language)
    context.getSystemService(LocaleManager::class.java).applicationLocales = chosen
}
