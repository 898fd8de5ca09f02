/**
 * Verdicts of many journals: finding them in a tree, judging each, and the forms in which verdicts leave the program
 * (text, JSON lines, JUnit, SARIF, KTAP).
 */
@NullMarked
package trapline.verdicts;

import org.jspecify.annotations.NullMarked;
