/* Search.java - an OpenSearch of one node for tests, without a container: see
 * search.sh.
 *
 *     java -cp 'JARS/*' tests/tool/Search.java DIR
 *
 * It keeps all in DIR, listens on the loopback, on ports from the kernel, and
 * writes that of HTTP into DIR/port. Its queue for writes is short, so that it
 * says 429 to a few requests at the same time.
 */
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

public class Search extends Node {
	Search(Environment where) {
		super(where, List.of(Netty4Plugin.class), false);
	}

	public static void main(String[] arg) throws Exception {
		Path dir = Path.of(arg[0]).toAbsolutePath(), port = dir.resolve("port.new");
		Settings settings = Settings.builder()
			.put("path.home", dir)
			.put("node.name", "test")
			.put("discovery.type", "single-node")
			.put("transport.host", "127.0.0.1")
			.put("transport.port", "0")
			.put("http.host", "127.0.0.1")
			.put("http.port", "0")
			.put("cluster.routing.allocation.disk.threshold_enabled", false)
			.put("thread_pool.write.size", 1)
			.put("thread_pool.write.queue_size", 2)
			.build();
		Search node = new Search(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "test"));

		node.start();
		Files.writeString(port, node.injector().getInstance(HttpServerTransport.class)
			.boundAddress().publishAddress().getPort() + "\n");
		Files.move(port, dir.resolve("port"), StandardCopyOption.ATOMIC_MOVE);
		Thread.currentThread().join();
	}
}
