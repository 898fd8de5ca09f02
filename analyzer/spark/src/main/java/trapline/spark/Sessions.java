package trapline.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The connection to the cluster. */
final class Sessions {

    private Sessions() {}

    /** That of spark-submit; without one, Spark inside this process on all cores. */
    static SparkSession open(String name) {
        SparkConf conf = new SparkConf()
                .setIfMissing("spark.master", "local[*]")
                .setIfMissing("spark.ui.enabled", "false")
                .setIfMissing("spark.log.level", "ERROR")
                .set("spark.ui.showConsoleProgress", "false")
                .setAppName(name);
        return SparkSession.builder().config(conf).getOrCreate();
    }

    /** The innermost reason of a job that has failed, in one line. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
    }
}
