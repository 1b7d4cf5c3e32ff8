// What Gradle's Android plugin would do between resolving and compiling, for app/pom.xml.
// 1. every AAR -> its classes.jar on the classpath; 2. aapt2: resources of the AARs and the app -> R classes + resources.ap_
import org.apache.maven.artifact.handler.DefaultArtifactHandler
def base = project.basedir, out = new File(project.build.directory as String)
def jarHandler = new DefaultArtifactHandler('jar'); jarHandler.addedToClasspath = true; jarHandler.language = 'java'
def ant = new groovy.ant.AntBuilder(); ant.project.buildListeners.each { it.messageOutputLevel = 0 }
def libs = [], shipped = []
project.artifacts.findAll { it.type == 'aar' }.each { a ->
    def d = new File(out, "aar/${a.groupId}.${a.artifactId}-${a.version}")
    if (!d.exists()) ant.unzip(failOnEmptyArchive: false, src: a.file, dest: d)
    def cj = new File(d, 'classes.jar')
    if (!cj.exists()) { cj = new File(d, 'empty.jar'); if (!cj.exists()) ant.jar(destfile: cj) {} }
    a.artifactHandler = jarHandler; a.file = cj; libs << d
    if (!a.groupId.startsWith('androidx.test') && !a.artifactId.startsWith('ui-test')) shipped << d
}
def run = { List c -> def p = new ProcessBuilder(c.collect { it as String }).redirectErrorStream(true).start(); def t = p.inputStream.text; if (p.waitFor() != 0) throw new RuntimeException(c.take(4).join(' ') + ' ...\n' + t); if (t.trim()) log.info(t.readLines().take(5).join('\n')) }
def androidJar = project.artifacts.find { it.artifactId == 'android-all' }.file
def flat = new File(out, 'flat'); flat.mkdirs()
def zips = []
libs.findAll { new File(it, 'res').isDirectory() }.each { d -> def z = new File(flat, d.name + '.zip'); if (!z.exists()) run(['aapt2', 'compile', '--legacy', '--dir', new File(d, 'res'), '-o', z]); zips << z }
def appz = new File(flat, 'app.zip'); run(['aapt2', 'compile', '--dir', new File(base, '../../app/src/main/res'), '-o', appz])
// licence texts, written from the crates by ../../licence-texts.sh
def texts = new File(flat, 'licences.zip'); run(['aapt2', 'compile', '--dir', session.userProperties['talus.licences'], '-o', texts])
def pkgs = libs.collect { d -> def m = new File(d, 'AndroidManifest.xml'); m.exists() ? (m.text =~ /package="([^"]+)"/).with { it.find() ? it.group(1) : null } : null }.findAll { it }.unique()
// AGP 8+ keeps the package out of the manifest (namespace in build.gradle.kts); aapt2 wants it
def man = new File(out, 'AndroidManifest.xml'); man.text = new File(base, '../../app/src/main/AndroidManifest.xml').text.replaceFirst('<manifest ', '<manifest package="app.talus" ')
// what ui-test-manifest adds through Gradle's merge: the empty host activity of createComposeRule()
def tman = new File(out, 'TestManifest.xml'); tman.text = man.text.replace('</application>', '<activity android:name="androidx.activity.ComponentActivity" android:exported="true"/></application>')
// <queries> is younger than Debian's aapt2, which makes resources here and no manifest
tman.text = tman.text.replaceFirst('(?s)<queries>.*?</queries>', '')
def r = new File(out, 'r'); r.mkdirs()
run(['aapt2', 'link', '-o', new File(out, 'resources.ap_'), '-I', androidJar, '--manifest', tman, '--min-sdk-version', '26', '--target-sdk-version', '34', '--java', r, '--extra-packages', pkgs.join(':'), '--auto-add-overlay', '--non-final-ids'] + zips.collect { ['-R', it] }.flatten() + ['-R', appz, '-R', texts])
log.info("aar: ${libs.size()} libraries, ${zips.size()} with resources, ${pkgs.size()} packages")
// 3. the manifest as it is installed: the app's own and that of every library in it
def merged = new File(out, 'merged/AndroidManifest.xml'); merged.parentFile.mkdirs()
def quiet = new com.android.utils.StdLogger(com.android.utils.StdLogger.Level.ERROR)
def merger = com.android.manifmerger.ManifestMerger2.newMerger(man, quiet, com.android.manifmerger.ManifestMerger2.MergeType.APPLICATION)
shipped.collect { new File(it, 'AndroidManifest.xml') }.findAll { it.exists() }.each { merger.addLibraryManifest(it) }
merger.setPlaceHolderValue('applicationId', 'app.talus')
merger.setOverride(com.android.manifmerger.ManifestSystemProperty.UsesSdk.MIN_SDK_VERSION, '26')
merger.setOverride(com.android.manifmerger.ManifestSystemProperty.UsesSdk.TARGET_SDK_VERSION, '37')
def report = merger.merge()
if (report.result.isError()) throw new RuntimeException("the manifests do not merge\n" + report.loggingRecords.join('\n'))
merged.text = report.getMergedDocument(com.android.manifmerger.MergingReport.MergedManifestKind.MERGED)
// 4. what Robolectric reads to find the merged manifest and resources
def tc = new File(out, 'test-classes/com/android/tools/test_config.properties'); tc.parentFile.mkdirs()
tc.text = "android_merged_manifest=${tman}\nandroid_resource_apk=${out}/resources.ap_\nandroid_custom_package=app.talus\n"
