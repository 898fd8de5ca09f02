package trapline.checks;

import java.util.List;

/**
 * What a check said about one stream.
 *
 * @param info the check
 * @param verdict its verdict
 * @param reason why it is UNKNOWN or NOT_EXERCISED; empty otherwise
 * @param exercised how often the situation occurred
 * @param findingsCount how many violations there were
 * @param findings the first of them
 */
public record CheckResult(
        CheckInfo info, Verdict verdict, String reason, long exercised, long findingsCount, List<Finding> findings) {}
