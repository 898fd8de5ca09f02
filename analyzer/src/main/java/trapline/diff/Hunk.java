package trapline.diff;

/**
 * A stretch where two sequences differ.
 *
 * @param aFrom first index in A
 * @param aEnd index behind the last in A
 * @param bFrom first index in B
 * @param bEnd index behind the last in B
 */
record Hunk(int aFrom, int aEnd, int bFrom, int bEnd) {}
