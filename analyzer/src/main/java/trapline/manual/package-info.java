/** What there is to read beside the help of each command: pages of the manual, written in Markdown, and worked examples. */
@org.jspecify.annotations.NullMarked
package trapline.manual;
