-- interrupts-off: Which probes are hit with IF=0?
SELECT probe, count(*) AS hit_count
FROM hits
WHERE NOT contains(flags_before, 'IF')
GROUP BY probe
ORDER BY hit_count DESC, probe

-- longest-tf: What is the longest time with TF set, in retired instructions, by flow?
SELECT flow, max(instructions) AS longest
FROM spans JOIN runs ON runs.run = spans.run
WHERE span = 'tf-set'
GROUP BY flow
ORDER BY longest DESC, flow

-- missed-alone: In which runs did an nmissed grow although no hit was a re-entry?
SELECT run, sum(missed) AS missed_sum
FROM hits
GROUP BY run
HAVING sum(missed) > 0 AND max(coalesce(reentry, 0)) = 0
ORDER BY run

-- outcomes: How do hits end, by flow?
SELECT flow, outcome, count(*) AS hit_count
FROM hits JOIN runs ON runs.run = hits.run
GROUP BY flow, outcome
ORDER BY flow, hit_count DESC, outcome

-- slowest: Which ten hits took the most instructions?
SELECT run, probe, symbol, instructions
FROM hits
WHERE instructions IS NOT NULL
ORDER BY instructions DESC, run, begin_ordinal
LIMIT 10

-- flags-changed: Which hits left IF or TF otherwise than they found it?
SELECT run, probe, symbol, begin_step, flags_before, flags_after
FROM hits
WHERE contains(flags_before, 'IF') <> contains(flags_after, 'IF')
   OR contains(flags_before, 'TF') <> contains(flags_after, 'TF')
ORDER BY run, begin_ordinal

-- nesting: How deep do traps nest, by run?
SELECT run, max(depth) + 1 AS deepest
FROM traps
GROUP BY run
ORDER BY deepest DESC, run

-- failing: Which checks fail, in how many runs, and where to look first?
SELECT check_id, count(*) AS run_count, min(run) AS example
FROM verdicts
WHERE verdict = 'FAIL'
GROUP BY check_id
ORDER BY run_count DESC, check_id

-- never-judged: Which checks has no run exercised?
SELECT check_id
FROM verdicts
GROUP BY check_id
HAVING max(exercised) = 0
ORDER BY check_id

-- handlers-interrupted: Which traps are taken while another is being handled?
SELECT vector_name, count(*) AS trap_count
FROM traps
WHERE depth > 0
GROUP BY vector_name
ORDER BY trap_count DESC, vector_name
