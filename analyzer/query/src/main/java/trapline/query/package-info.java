/**
 * Questions in SQL over journals, bundles and data sets. What is asked is loaded into a database in memory, which then is
 * shut off from files and network: whoever wrote the question gets an answer, and nothing else.
 */
@NullMarked
package trapline.query;

import org.jspecify.annotations.NullMarked;
