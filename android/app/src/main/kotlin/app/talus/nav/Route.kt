// Where one can be in the app, as text that survives the process.
package app.talus.nav

/** A place in the app. */
sealed interface Route {
    /** Its text, which [of] reads. */
    val text: String

    /** One of the four tabs. */
    enum class Tab(override val text: String) : Route { TODAY("today"), PLAN("plan"), PROGRESS("progress"), YOU("you") }

    /** A page without more to say about it. */
    enum class Page(override val text: String) : Route {
        CUFFS("cuffs"), PAIR("pair"), ABOUT("about"), SETTINGS("settings"), MY_DATA("my-data"), RESTORE("restore"),
        TRUST("trust"), PEOPLE("people"),
        DIAGNOSTICS("diagnostics"), APP("app"), SAFETY("safety"), LEARN("learn"), WALK("walk"), TESTS("tests"),
        REHAB("rehab"), LIFT("lift"), FIRST("first"), LICENCES("licences")
    }

    /** The page of an exercise. */
    data class Exercise(val id: String) : Route {
        override val text get() = "exercise/$id"
    }

    /** The page of a programme. */
    data class Programme(val id: String) : Route {
        override val text get() = "programme/$id"
    }

    /** The page of a test. */
    data class Test(val id: String) : Route {
        override val text get() = "test/$id"
    }

    /** One session that was done. */
    data class Session(val id: String) : Route {
        override val text get() = "session/$id"
    }

    companion object {
        /** The place that [text] names; Today where it names none. */
        fun of(text: String): Route = (Tab.entries + Page.entries).firstOrNull { it.text == text }
            ?: text.removePrefix("exercise/").takeIf { it != text }?.let(::Exercise)
            ?: text.removePrefix("programme/").takeIf { it != text }?.let(::Programme)
            ?: text.removePrefix("test/").takeIf { it != text }?.let(::Test)
            ?: text.removePrefix("session/").takeIf { it != text }?.let(::Session)
            ?: Tab.TODAY
    }
}

/** The way here, the tab first. [last] is where one is. */
data class Way(val routes: List<Route> = listOf(Route.Tab.TODAY)) {
    val last: Route get() = routes.last()

    /** The tab one is in. */
    val tab: Route.Tab get() = routes.first() as? Route.Tab ?: Route.Tab.TODAY

    /** On to [route]; a tab begins anew. */
    fun to(route: Route): Way = if (route is Route.Tab) Way(listOf(route)) else Way(routes - route + route)

    /** Back by one, from another tab to Today, and null where the app ends. */
    fun back(): Way? = when {
        routes.size > 1 -> Way(routes.dropLast(1))
        last != Route.Tab.TODAY -> Way()
        else -> null
    }
}
