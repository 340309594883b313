import { createHash } from 'node:crypto'
import { definitions } from '../events/definitions.ts'
import { conditions } from '../sql/guards.ts'
import { idempotencyLookups, keepId } from '../sql/idempotency.ts'
import { rows } from '../sql/rows.ts'
import type { WriteStep } from '../sql/write.ts'
import { placeholders } from '../sql/write.ts'
import { idTaken } from './failures.ts'
import { idLockSpace, lockSpace, runningLock } from './running.ts'

const installLock = 3

/** The functions that a batch of changes is one call of. Their names hold a fingerprint of their text, so that two versions of Confab may run beside each other. */
export interface Program {
  /** The name of the function to call: `(topics text[], owned text[], shared text[], ids int[], alone int[], changes jsonb) RETURNS jsonb`. */
  readonly commit: string
  /** Statements that make the functions, one server at a time; to be run again does no harm. */
  readonly install: string
}

/** The shared SQL's values: what the database alone knows are variables of the function, all else stands in the JSON `p`. */
const valuesFrom = (p: string, variables: readonly string[]) => (name: string, kind: 'text' | 'number') => {
  if (variables.includes(name)) return `v_${name}`
  return kind === 'text' ? `(${p}->>'${name}')` : `(${p}->>'${name}')::bigint`
}

const inPlace = (sql: string, p: string, variables: readonly string[] = []): string =>
  placeholders(sql, valuesFrom(p, variables)).sql

/** A CASE over names, those first that are asked most. */
const cases = (on: string, branches: readonly (readonly [string, string])[]): string =>
  `CASE ${on}
${branches.map(([name, body]) => `WHEN '${name}' THEN\n${body}`).join('\n')}
ELSE RAISE EXCEPTION 'There is no %.', ${on};
END CASE;`

/** Under which names the most frequent of each table stand. */
const often = ['message.posted', 'member', 'user', 'room', 'message']
const byUse = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  rank(a[0]) - rank(b[0])
const rank = (name: string): number => (often.includes(name) ? often.indexOf(name) : often.length)

function stepOf(step: WriteStep, p: string): string {
  if ('redact' in step) {
    const topic = step.of === 'user' ? `'user:' || (${p}->>'id')` : 'v_topic'
    return `v_redacted := v_redacted || (
      SELECT coalesce(jsonb_agg(jsonb_build_array(${topic}, gone.seq, ${step.all ?? false})), '[]')
      FROM (${inPlace(step.redact, p, ['seq'])}) AS gone (seq));`
  }
  if ('refuseIfIdInUse' in step) {
    const refuse = `IF EXISTS (${inPlace(step.refuseIfIdInUse, p)}) THEN
      RAISE EXCEPTION 'The id is taken.' USING ERRCODE = 'unique_violation', CONSTRAINT = '${idTaken}';
    END IF;`
    return step.unlessLookedUp ? `IF ${inPlace('#lookedUp', p)} = 0 THEN ${refuse} END IF;` : refuse
  }
  if ('close' in step)
    return `v_at := array_position(v_topics, 'room:' || (${p}->>'id'));
    v_head := v_heads[v_at];
    UPDATE logs SET start = v_head + 1 WHERE id = v_ids[v_at];`
  const run = `${inPlace(step.run, p, ['seq', 'head'])};`
  if (step.found === undefined) return run
  return `${run}
    GET DIAGNOSTICS v_many = ROW_COUNT;
    IF v_many <> 1 THEN RAISE EXCEPTION 'There is no ${step.found}.'; END IF;`
}

const branchesOf = (written: Readonly<Record<string, { readonly steps: readonly WriteStep[] }>>, p: string) =>
  Object.entries(written)
    .sort(byUse)
    .map(([name, { steps }]) => [name, steps.map(step => stepOf(step, p)).join('\n') || 'NULL;'] as const)

/** Whether a condition holds on the state as it is now. */
const holdsFunction = (name: string): string => `
CREATE OR REPLACE FUNCTION ${name} (v_c jsonb) RETURNS boolean LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE
  v_p jsonb := v_c->'p';
BEGIN
${cases("v_c->>'if'", [
  ...Object.entries(conditions)
    .sort(byUse)
    .map(([name, { holds }]) => [name, `RETURN ${inPlace(holds, 'v_p')};`] as const),
  [
    'any',
    `FOR v_n IN 0 .. jsonb_array_length(v_c->'of') - 1 LOOP
      IF ${name}(v_c->'of'->v_n) THEN RETURN true; END IF;
    END LOOP;
    RETURN false;`,
  ],
])}
END $body$;`

const lookUp = cases(
  "v_key->>'of'",
  Object.entries(idempotencyLookups).map(
    ([of, { own, elsewhere }]) =>
      [
        of,
        `SELECT same, seq, deleted INTO v_same, v_known, v_deleted FROM (${inPlace(own, 'v_key')}) AS k;
        IF NOT FOUND AND EXISTS (${inPlace(elsewhere, 'v_key')}) THEN v_same := 0; END IF;`,
      ] as const,
  ),
)

/**
 * Logs, people and ids are held from here to the commit, in this order and each sorted, so that nobody waits in a circle. Ids come last:
 * whoever has one waits for nothing that is locked here. Heads are counted in memory.
 */
const takeLocks = `
  PERFORM 1 FROM logs WHERE topic = ANY(v_topics) ORDER BY topic FOR NO KEY UPDATE;
  IF cardinality(v_owned) > 0 THEN PERFORM 1 FROM users WHERE id = ANY(v_owned) ORDER BY id FOR NO KEY UPDATE; END IF;
  IF cardinality(v_shared) > 0 THEN PERFORM 1 FROM users WHERE id = ANY(v_shared) ORDER BY id FOR SHARE; END IF;
  PERFORM CASE WHEN given.n = ANY(v_alone)
    THEN pg_advisory_xact_lock(${idLockSpace}, given.n) ELSE pg_advisory_xact_lock_shared(${idLockSpace}, given.n) END
  FROM unnest(v_id_locks) AS given (n);
  SELECT array_agg(logs.id ORDER BY given.n), array_agg(coalesce(logs.head, 0) ORDER BY given.n) INTO v_ids, v_heads
  FROM unnest(v_topics) WITH ORDINALITY AS given (topic, n) LEFT JOIN logs ON logs.topic = given.topic;
  v_before := v_heads;`

/** A change whose id is known is answered, and nothing else of it is done. */
const answerKnown = `
    v_key := v_change->'idempotencyKey';
    IF v_key IS NOT NULL THEN
      v_same := NULL;
${lookUp}
      IF v_same = 1 THEN
        v_answers := v_answers || jsonb_build_object('already', v_known, 'deleted', v_deleted);
        CONTINUE;
      ELSIF v_same = 0 THEN
        v_answers := v_answers || '{"taken": 1}'::jsonb;
        CONTINUE;
      END IF;
    END IF;`

const checkGuards = (holds: string): string => `
    v_failed := NULL;
    v_many := jsonb_array_length(v_change->'guards');
    FOR v_n IN 0 .. v_many - 1 LOOP
      IF NOT ${holds}(v_change->'guards'->v_n) THEN v_failed := v_n; EXIT; END IF;
    END LOOP;
    IF v_failed IS NOT NULL THEN
      v_answers := v_answers || jsonb_build_object('failed', v_failed);
      CONTINUE;
    END IF;`

/** A log begins with its first event; whoever begins it at the same time waits here for the other. */
const appendAndFold = `
    v_seqs := '{}';
    FOR v_n IN 0 .. jsonb_array_length(v_change->'appends') - 1 LOOP
      v_one := v_change->'appends'->v_n;
      v_p := v_one->'p';
      v_at := (v_one->>'log')::int;
      v_topic := v_topics[v_at];
      IF v_ids[v_at] IS NULL THEN
        INSERT INTO logs (topic, start, head) VALUES (v_topic, 1, 0)
        ON CONFLICT (topic) DO UPDATE SET topic = excluded.topic RETURNING id, head INTO v_known, v_seq;
        v_ids[v_at] := v_known;
        v_heads[v_at] := v_seq; v_before[v_at] := v_seq;
      END IF;
      v_seq := v_heads[v_at] + 1;
      v_heads[v_at] := v_seq;
      v_seqs := v_seqs || v_seq;
      v_event_logs := v_event_logs || v_ids[v_at];
      v_event_seqs := v_event_seqs || v_seq;
      v_event_ats := v_event_ats || (v_p->>'at')::bigint;
      v_event_bodies := v_event_bodies || (v_one->>'body');
${cases("v_one->>'e'", branchesOf(definitions, 'v_p'))}
    END LOOP;`

const writeRows = `
    FOR v_n IN 0 .. jsonb_array_length(v_change->'rows') - 1 LOOP
      v_one := v_change->'rows'->v_n;
      v_p := v_one->'p';
      v_topic := 'workspace';
${cases("v_one->>'row'", branchesOf(rows, 'v_p'))}
    END LOOP;
    IF v_key->>'of' <> 'message' THEN
      v_seq := coalesce(v_seqs[1], 0);
      ${inPlace(keepId, 'v_key', ['seq'])};
    END IF;`

/** Events and heads are written, and what is to lose its text is told. */
const finish = `
  INSERT INTO events (log, seq, at, body)
  SELECT * FROM unnest(v_event_logs, v_event_seqs, v_event_ats, v_event_bodies);
  UPDATE logs SET head = moved.head FROM unnest(v_ids, v_heads, v_before) AS moved (id, head, before)
  WHERE logs.id = moved.id AND moved.head <> moved.before;

  RETURN jsonb_build_object('answers', to_jsonb(v_answers), 'redacted', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', gone.id, 'body', gone.body, 'all', gone.everything)), '[]') FROM (
      SELECT events.id, events.body, bool_or((one->2)::boolean) AS everything
      FROM jsonb_array_elements(v_redacted) AS one
      JOIN logs ON logs.topic = one->>0
      JOIN events ON events.log = logs.id AND events.seq = (one->>1)::bigint
      GROUP BY events.id, events.body
    ) AS gone
  ));`

/**
 * Does changes one after the other, each on what those before it left, and answers for each: the seqs of its appends, or that it was there
 * already, or the number of the guard that failed. It is called with all logs that the changes append to or are guarded by, sorted, and
 * with the people whose rows they write (\`owned\`) or rely on (\`shared\`), and with the locks of the ids under which they make something
 * (\`ids\`; the rest but \`alone\` are shared among posts): these locks are taken first, in this order, and held until the commit, so that what a guard saw still holds then (A3) and seqs become visible in their order (L5). Heads are counted in memory and
 * written once. What it throws undoes the whole call.
 */
const commitFunction = (name: string, holds: string): string => `
CREATE OR REPLACE FUNCTION ${name} (v_topics text[], v_owned text[], v_shared text[], v_id_locks int[], v_alone int[], v_changes jsonb)
RETURNS jsonb LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE
  v_ids bigint[]; v_heads bigint[]; v_before bigint[];
  v_change jsonb; v_key jsonb; v_one jsonb; v_p jsonb;
  v_same bigint; v_known bigint; v_deleted bigint;
  v_failed int; v_at int; v_many bigint;
  v_topic text; v_seq bigint; v_head bigint;
  v_seqs bigint[];
  v_event_logs bigint[] := '{}'; v_event_seqs bigint[] := '{}'; v_event_ats bigint[] := '{}'; v_event_bodies text[] := '{}';
  v_redacted jsonb := '[]';
  v_answers jsonb[] := '{}';
BEGIN${takeLocks}
  FOR v_c IN 0 .. jsonb_array_length(v_changes) - 1 LOOP
    v_change := v_changes->v_c;${answerKnown}${checkGuards(holds)}${appendAndFold}${writeRows}
    v_answers := v_answers || jsonb_build_object('seqs', to_jsonb(v_seqs));
  END LOOP;${finish}
END $body$;`

/** Programs of other versions go when no other server runs: until then one of them may call them. */
const dropOthers = (...kept: string[]): string => `
DO $body$ DECLARE v_old regprocedure; BEGIN
  IF (SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
      WHERE datname = current_database() AND locktype = 'advisory' AND classid = ${lockSpace} AND objid = ${runningLock}) > 1
  THEN RETURN; END IF;
  FOR v_old IN SELECT oid FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND proname ~ '^confab_(commit|holds)_' AND proname <> ALL ('{${kept}}')
  LOOP EXECUTE 'DROP FUNCTION ' || v_old; END LOOP;
END $body$;`

/** The program that this version of Confab calls. */
export function programOf(): Program {
  const fingerprint = createHash('sha256')
    .update(commitFunction('commit', 'holds') + holdsFunction('holds'))
    .digest('hex')
    .slice(0, 12)
  const commit = `confab_commit_${fingerprint}`
  const holds = `confab_holds_${fingerprint}`
  const install = `BEGIN;
SELECT pg_advisory_xact_lock(${lockSpace}, ${installLock});
${holdsFunction(holds)}${commitFunction(commit, holds)}${dropOthers(commit, holds)}
COMMIT;`
  return { commit, install }
}
