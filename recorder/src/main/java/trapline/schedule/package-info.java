/**
 * Who runs when, and what is done to the machine from outside: schedules, trigger points, injections.
 *
 * <pre>
 *   {@link trapline.schedule.SchedulePlan} ──► a Scheduler of the machine
 *   {@link trapline.schedule.Point} = {@link trapline.schedule.Trigger} + {@link trapline.schedule.Action} ──► {@link trapline.schedule.Director} runs the machine up to each
 *   point and acts there
 * </pre>
 *
 * All of it is a function of the scenario: no clock, no thread, and one random generator
 * ({@link trapline.schedule.SplitMix}) that is written out so that it can never change.
 */
@NullMarked
package trapline.schedule;

import org.jspecify.annotations.NullMarked;
