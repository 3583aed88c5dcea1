-- Up Migration

-- The archive's tables, roles and row security. Common SQL alone where it can be: no inheritance, no LISTEN, no
-- exclusion constraints. Every primary key begins with org_id, so that a distributed engine can split by it.

-- Roles belong to the whole server: another archive on it may have made them.
do $$
declare
  name text;
begin
  foreach name in array array[
    -- Owns tables and may do everything to them that row security lets it.
    'archive_owner',
    -- Own the functions through which others' records are read, held and deleted.
    'archive_reader', 'archive_keeper',
    -- What somebody is for one transaction.
    'archive_agent', 'archive_supervisor', 'archive_retention', 'archive_dpo',
    -- What a login of the service is a member of: it can become an agent or a supervisor, and nothing else.
    'archive_service'
  ] loop
    begin
      execute format('create role %I nologin noinherit', name);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  if not pg_has_role('archive_service', 'archive_agent', 'member') then
    grant archive_agent, archive_supervisor to archive_service;
  end if;
  if not pg_has_role(current_user, 'archive_owner', 'member')
    or not pg_has_role(current_user, 'archive_keeper', 'member') then
    execute format('grant archive_owner, archive_reader, archive_keeper to %I', current_user);
  end if;
end
$$;

revoke all on schema archive from public;
grant usage, create on schema archive to archive_owner, archive_reader, archive_keeper;
grant usage on schema archive to
  archive_reader, archive_keeper, archive_agent, archive_supervisor, archive_retention, archive_dpo, archive_service;

-- Who it is, set by the service for one transaction from what the sign-in said.

create function archive.org_id() returns text language sql stable parallel safe
  return nullif(current_setting('archive.org_id', true), '');
create function archive.agent_id() returns text language sql stable parallel safe
  return nullif(current_setting('archive.agent_id', true), '');
create function archive.division_id() returns text language sql stable parallel safe
  return coalesce(current_setting('archive.division_id', true), '');
-- '*' stands for all of them.
create function archive.divisions() returns text[] language sql stable parallel safe
  return string_to_array(nullif(current_setting('archive.divisions', true), ''), ',');

-- Which day it is, in UTC.
create function archive.today() returns date language sql stable parallel safe
  return (now() at time zone 'UTC')::date;

-- Tables

create table archive.agent (
  org_id text not null,
  agent_id text not null,
  name text not null,
  -- As a search compares them: ' ana lima'.
  name_words text not null,
  division_id text not null,
  seen_at timestamptz not null default now(),
  primary key (org_id, agent_id)
);

-- One row for each revision of a record; never updated.
create table archive.records (
  org_id text not null,
  day date not null,
  key bytea not null check (length(key) = 32),
  revision integer not null check (revision >= 0),
  agent_id text not null,
  division_id text not null,
  device text not null,
  seq bigint not null,
  chain text not null,
  -- SHA-256 of the record's canonical text.
  digest bytea not null check (length(digest) = 32),
  -- When it happened, as the record says.
  at timestamptz not null,
  -- What a search compares.
  queue_words text,
  code text,
  code_words text,
  answered boolean,
  received_at timestamptz not null default now(),
  record jsonb not null,
  primary key (org_id, day, key, revision)
) partition by range (day);
create index records_of_agent on archive.records (org_id, agent_id, at desc, key desc, revision desc);
create index records_of_division on archive.records (org_id, division_id, at desc, key desc, revision desc);
create index records_of_queue on archive.records (
  org_id, division_id, queue_words, at desc, key desc, revision desc);

-- The divisions and queues there are records of, so that a search for a queue reads its records alone. Without a
-- queue: ''.
create table archive.queue (
  org_id text not null,
  division_id text not null,
  -- As a search compares them.
  queue_words text not null,
  primary key (org_id, division_id, queue_words)
);

-- What came under a revision that was there with another content.
create table archive.conflict (
  org_id text not null,
  day date not null,
  key bytea not null,
  revision integer not null,
  digest bytea not null,
  agent_id text not null,
  division_id text not null,
  device text not null,
  seq bigint not null,
  chain text not null,
  received_at timestamptz not null default now(),
  record jsonb not null,
  primary key (org_id, day, key, revision, digest)
) partition by range (day);

-- The day under which a key came first: it never changes.
create table archive.record_key (
  org_id text not null,
  key bytea not null,
  agent_id text not null,
  day date not null,
  primary key (org_id, key)
);

-- What is left of a deleted record. It beats every revision, also one that comes later.
create table archive.tombstone (
  org_id text not null,
  key bytea not null,
  at timestamptz not null default now(),
  by_whom text not null,
  reason text not null,
  primary key (org_id, key)
);

-- How far a desk has come, and what is missing before that.
create table archive.checkpoint (
  org_id text not null,
  agent_id text not null,
  device text not null,
  division_id text not null,
  seq bigint not null default 0,
  chain text not null default '',
  updated_at timestamptz not null default now(),
  primary key (org_id, agent_id, device)
);
create table archive.gap (
  org_id text not null,
  agent_id text not null,
  device text not null,
  division_id text not null,
  from_seq bigint not null,
  to_seq bigint not null check (to_seq >= from_seq),
  primary key (org_id, agent_id, device, from_seq)
);

-- Who looked at whose records. Only added to.
create table archive.access_log (
  org_id text not null,
  about_agent_id text not null,
  at timestamptz not null default now(),
  id uuid not null default gen_random_uuid(),
  by_agent_id text not null,
  what text not null check (what in ('page', 'record', 'figures')),
  records integer not null,
  query text not null,
  primary key (org_id, about_agent_id, at, id)
);

-- What administrators did: deleted, held, dropped. Only added to.
create table archive.deed (
  org_id text not null,
  at timestamptz not null default now(),
  id uuid not null default gen_random_uuid(),
  by_whom text not null,
  what text not null,
  reason text not null,
  rows_affected bigint not null,
  primary key (org_id, at, id)
);

-- Copies that outlive their partition.
create table archive.legal_hold (
  org_id text not null,
  key bytea not null,
  revision integer not null,
  day date not null,
  agent_id text not null,
  held_at timestamptz not null default now(),
  by_whom text not null,
  reason text not null,
  record jsonb not null,
  primary key (org_id, key, revision)
);

-- For the whole installation: nothing before this day is taken any more.
create table archive.retention (
  one boolean primary key default true check (one),
  kept_from date not null default '1000-01-01'
);
insert into archive.retention default values;

-- Which services can work with this schema.
create table archive.compatibility (
  one boolean primary key default true check (one),
  oldest_service integer not null
);
insert into archive.compatibility (oldest_service) values (1);

-- Where no secrets are given: the same for all services that share this database. For the owner's eyes.
create table archive.secret (name text primary key, value text not null);

-- Rights: nobody may update or delete a record, whatever row security says.

grant select, insert on archive.records, archive.conflict, archive.record_key to archive_agent;
grant select (org_id, key) on archive.tombstone to archive_agent;
grant select, insert on archive.queue to archive_agent;
grant select, insert, update on archive.agent, archive.checkpoint to archive_agent;
grant select, insert, update, delete on archive.gap to archive_agent;
grant select on archive.access_log, archive.retention to archive_agent;
grant select on archive.compatibility to archive_service, archive_agent, archive_supervisor, archive_retention, archive_dpo;

grant select on archive.records, archive.conflict, archive.agent, archive.gap, archive.queue to archive_reader;
grant insert on archive.access_log to archive_reader;

grant select, delete on archive.records, archive.conflict to archive_keeper;
grant select on archive.agent, archive.access_log to archive_keeper;
grant select, insert on archive.tombstone, archive.legal_hold, archive.deed to archive_keeper;

-- Row security

do $$
declare
  name text;
begin
  foreach name in array array[
    'agent', 'records', 'queue', 'conflict', 'record_key', 'tombstone', 'checkpoint', 'gap', 'access_log', 'deed',
    'legal_hold', 'secret'
  ] loop
    execute format('alter table archive.%I enable row level security', name);
    execute format('alter table archive.%I force row level security', name);
  end loop;
end
$$;

create policy own on archive.agent to archive_agent
  using (org_id = archive.org_id() and agent_id = archive.agent_id())
  with check (org_id = archive.org_id() and agent_id = archive.agent_id());
-- A name alone, of those who looked at the agent's records.
create policy looked on archive.agent for select to archive_agent
  using (org_id = archive.org_id() and agent_id in (
    select by_agent_id from archive.access_log l
    where l.org_id = archive.org_id() and l.about_agent_id = archive.agent_id()));

create policy own_read on archive.records for select to archive_agent
  using (org_id = archive.org_id() and agent_id = archive.agent_id());
create policy own_add on archive.records for insert to archive_agent
  with check (
    org_id = archive.org_id() and agent_id = archive.agent_id() and division_id = archive.division_id());
create policy own_add on archive.queue for insert to archive_agent
  with check (org_id = archive.org_id() and division_id = archive.division_id());
create policy own_read on archive.conflict for select to archive_agent
  using (org_id = archive.org_id() and agent_id = archive.agent_id());
create policy own_add on archive.conflict for insert to archive_agent
  with check (
    org_id = archive.org_id() and agent_id = archive.agent_id() and division_id = archive.division_id());
create policy own_read on archive.record_key for select to archive_agent
  using (org_id = archive.org_id() and agent_id = archive.agent_id());
create policy own_add on archive.record_key for insert to archive_agent
  with check (org_id = archive.org_id() and agent_id = archive.agent_id());
create policy by_key on archive.tombstone for select to archive_agent using (org_id = archive.org_id());
create policy own on archive.checkpoint to archive_agent
  using (org_id = archive.org_id() and agent_id = archive.agent_id())
  with check (org_id = archive.org_id() and agent_id = archive.agent_id());
create policy own on archive.gap to archive_agent
  using (org_id = archive.org_id() and agent_id = archive.agent_id())
  with check (org_id = archive.org_id() and agent_id = archive.agent_id());
create policy about_me on archive.access_log for select to archive_agent
  using (org_id = archive.org_id() and about_agent_id = archive.agent_id());

create policy divisions on archive.records for select to archive_reader
  using (org_id = archive.org_id() and (
    division_id = any (archive.divisions()) or '*' = any (archive.divisions())
    or agent_id = archive.agent_id()));
create policy divisions on archive.conflict for select to archive_reader
  using (org_id = archive.org_id() and (
    division_id = any (archive.divisions()) or '*' = any (archive.divisions())
    or agent_id = archive.agent_id()));
create policy divisions on archive.queue for select to archive_reader
  using (org_id = archive.org_id() and (
    division_id = any (archive.divisions()) or '*' = any (archive.divisions())));
create policy divisions on archive.agent for select to archive_reader using (org_id = archive.org_id());
create policy divisions on archive.gap for select to archive_reader
  using (org_id = archive.org_id() and (
    division_id = any (archive.divisions()) or '*' = any (archive.divisions())
    or agent_id = archive.agent_id()));
create policy looks on archive.access_log for insert to archive_reader
  with check (org_id = archive.org_id() and by_agent_id = archive.agent_id());

create policy org on archive.records for select to archive_keeper using (org_id = archive.org_id());
create policy buried on archive.records for delete to archive_keeper
  using (org_id = archive.org_id() and exists (
    select from archive.tombstone t where t.org_id = records.org_id and t.key = records.key));
create policy org on archive.conflict for select to archive_keeper using (org_id = archive.org_id());
create policy buried on archive.conflict for delete to archive_keeper
  using (org_id = archive.org_id() and exists (
    select from archive.tombstone t where t.org_id = conflict.org_id and t.key = conflict.key));
create policy org on archive.tombstone to archive_keeper
  using (org_id = archive.org_id()) with check (org_id = archive.org_id());
create policy org on archive.legal_hold to archive_keeper
  using (org_id = archive.org_id()) with check (org_id = archive.org_id());
create policy org on archive.deed to archive_keeper
  using (org_id = archive.org_id()) with check (org_id = archive.org_id());
create policy org on archive.agent for select to archive_keeper using (org_id = archive.org_id());
create policy org on archive.access_log for select to archive_keeper using (org_id = archive.org_id());
create policy owner on archive.secret to archive_owner using (true) with check (true);
create policy owner on archive.record_key for delete to archive_owner using (true);
create policy owner_read on archive.record_key for select to archive_owner using (true);
create policy owner on archive.deed for insert to archive_owner with check (true);

-- Months

-- Makes the partitions of a month. Years from now they would only be a sign of a wrong clock, so there is a bound.
create function archive.prepare_month(any_day date) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  first date := date_trunc('month', any_day);
  name text;
  part text;
begin
  if first < (select kept_from from archive.retention)
    or first < date_trunc('month', archive.today()) - interval '10 years'
    or first > date_trunc('month', archive.today()) + interval '1 year' then
    return false;
  end if;
  foreach name in array array['records', 'conflict'] loop
    part := name || to_char(first, '_YYYY_MM');
    if to_regclass('archive.' || part) is null then
      perform pg_advisory_xact_lock(7241865325823965);
      execute format(
        'create table if not exists archive.%I partition of archive.%I for values from (%L) to (%L)',
        part, name, first, first + interval '1 month');
      -- Nobody reaches a partition but through its table.
      execute format('alter table archive.%I enable row level security', part);
      execute format('alter table archive.%I force row level security', part);
    end if;
  end loop;
  return true;
end
$$;

-- Taking records in

-- Takes the lines of one agent, who is the role of this transaction: what is to be known of each in arrays of the same
-- order, and their records, one in each line of `bodies`. Gives the outcome of each.
create function archive.keep(
  keys bytea[], days date[], revisions integer[], devices text[], seqs bigint[], chains text[], digests bytea[],
  ats timestamptz[], queues text[], codes text[], code_names text[], answers boolean[], bodies text)
returns table (n bigint, outcome text, reason text)
language plpgsql security invoker set search_path = pg_catalog, pg_temp
-- A plan made while the tables were small would read all of them later. So each row is looked up by its key, in a
-- subquery of its own: `offset 0` keeps the planner from making a join of it. The price it puts on what is off would
-- have it compile each statement, which takes longer than the statement.
set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
  me text := archive.agent_id();
  org text := archive.org_id();
  division text := archive.division_id();
  from_day date := (select kept_from from archive.retention);
  texts text[] := string_to_array(bodies, E'\n');
  new_count bigint;
  is_new jsonb;
begin
  -- In the order of the keys, as every other transaction does: so none waits for the other.
  insert into archive.record_key (org_id, key, agent_id, day)
  select org, l.key, me, l.day
  from unnest(keys, days) with ordinality as l(key, day, n)
  where l.day >= from_day
  order by l.key, l.n
  on conflict do nothing;

  insert into archive.queue (org_id, division_id, queue_words)
  select distinct org, division, coalesce(q.words, '') from unnest(queues) as q(words) order by 3
  on conflict do nothing;

  with added as (
    insert into archive.records (
      org_id, day, key, revision, agent_id, division_id, device, seq, chain, digest, at, queue_words, code,
      code_words, answered, record)
    select
      org, k.day, k.key, l.revision, me, division, l.device, l.seq, l.chain, l.digest, l.at, l.queue, l.code,
      l.code_name, l.answered, l.record::jsonb
    from unnest(keys, revisions, devices, seqs, chains, digests, ats, queues, codes, code_names, answers, texts)
      with ordinality as l(
        key, revision, device, seq, chain, digest, at, queue, code, code_name, answered, record, n)
    cross join lateral (
      select k.key, k.day from archive.record_key k where k.org_id = org and k.key = l.key offset 0) k
    where k.day >= from_day
      and not exists (select from archive.tombstone t where t.org_id = org and t.key = l.key offset 0)
    order by k.key, l.revision, l.n
    on conflict do nothing
    returning records.key, records.revision
  )
  select count(*), jsonb_object_agg(encode(a.key, 'hex') || a.revision, true) into new_count, is_new from added a;

  -- As nearly always: all of them are new.
  if new_count = cardinality(keys) then
    return query select l.n, 'kept', null::text from generate_series(1, new_count) as l(n);
    return;
  end if;

  return query
  with line as (
    select l.*, row_number() over (partition by l.key, l.revision order by l.n) as turn
    from unnest(keys, revisions, devices, seqs, chains, digests)
      with ordinality as l(key, revision, device, seq, chain, digest, n)
  ), found as (
    select
      l.*, k.day, t.key is not null as buried,
      e.digest as there, e.device as there_device, e.seq as there_seq, e.chain as there_chain,
      l.turn = 1 and coalesce(is_new ? (encode(l.key, 'hex') || l.revision), false) as is_kept
    from line l
    left join lateral (
      select k.day from archive.record_key k where k.org_id = org and k.key = l.key offset 0) k on true
    left join lateral (
      select t.key from archive.tombstone t where t.org_id = org and t.key = l.key offset 0) t on true
    left join lateral (
      select e.digest, e.device, e.seq, e.chain from archive.records e
      where e.org_id = org and e.day = k.day and e.key = l.key and e.revision = l.revision offset 0) e on true
  ), other as (
    insert into archive.conflict (
      org_id, day, key, revision, digest, agent_id, division_id, device, seq, chain, record)
    select org, f.day, f.key, f.revision, f.digest, me, division, f.device, f.seq, f.chain, texts[f.n]::jsonb
    from found f where f.there is not null and f.there <> f.digest and not f.buried
    order by f.key, f.revision, f.n
    on conflict do nothing
  )
  select
    f.n,
    case
      when f.buried or f.there is null then 'refused'
      when f.there <> f.digest then 'conflict'
      when f.is_kept then 'kept'
      when f.there_device = f.device and f.there_seq = f.seq and f.there_chain <> f.chain then 'conflict'
      else 'known'
    end,
    case
      when f.buried then 'deleted'
      when f.there is null then 'expired'
      when f.there <> f.digest then 'content'
      when not f.is_kept and f.there_device = f.device and f.there_seq = f.seq and f.there_chain <> f.chain
        then 'chain'
    end
  from found f order by f.n;
end
$$;

-- Goes on with a device's checkpoint: what is left out becomes a gap, what comes late closes it.
create function archive.advance(of_device text, seqs bigint[], chains text[]) returns void
language plpgsql security invoker set search_path = pg_catalog, pg_temp as $$
declare
  me text := archive.agent_id();
  org text := archive.org_id();
  division text := archive.division_id();
  last bigint;
  last_chain text;
  line record;
  hole archive.gap;
begin
  insert into archive.checkpoint (org_id, agent_id, device, division_id)
  values (org, me, of_device, division) on conflict do nothing;
  select c.seq, c.chain into last, last_chain from archive.checkpoint c
  where c.org_id = org and c.agent_id = me and c.device = of_device for update;
  for line in select s.seq, s.chain from unnest(seqs, chains) as s(seq, chain) order by s.seq loop
    if line.seq > last then
      if line.seq > last + 1 then
        insert into archive.gap values (org, me, of_device, division, last + 1, line.seq - 1);
      end if;
      last := line.seq;
      last_chain := line.chain;
    else
      delete from archive.gap g
      where g.org_id = org and g.agent_id = me and g.device = of_device
        and line.seq between g.from_seq and g.to_seq
      returning * into hole;
      if found and hole.from_seq < line.seq then
        insert into archive.gap values (org, me, of_device, division, hole.from_seq, line.seq - 1);
      end if;
      if found or hole.to_seq is not null then
        if hole.to_seq > line.seq then
          insert into archive.gap values (org, me, of_device, division, line.seq + 1, hole.to_seq);
        end if;
        hole := null;
      end if;
    end if;
  end loop;
  update archive.checkpoint c set seq = last, chain = last_chain, updated_at = now(), division_id = division
  where c.org_id = org and c.agent_id = me and c.device = of_device;
end
$$;

-- Reading. The same question for oneself, under the agent's own row security, and for others, logged first.

create type archive.page_line as (
  key bytea, revision integer, day date, agent_id text, agent_name text, device text, at timestamptz,
  received_at timestamptz, conflict boolean, record jsonb);

-- The newest rows, older revisions among them. `agents`: null, or whose records alone. `queue_like`, `code_like`: patterns
-- that all have to fit. Three questions, so that what is not asked is not planned: planning takes most of the time here.
create function archive.newest_of(
  agents text[], divisions text[], since timestamptz, until timestamptz, queue_like text[], code_id text,
  code_like text[], most integer, after_at timestamptz, after_key bytea)
returns setof archive.records
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
begin
  if agents is not null then
    return query
    select r.* from unnest(agents) as one(id) cross join lateral (
      select x.* from archive.records x
      where x.org_id = archive.org_id() and x.agent_id = one.id
        and (since is null or x.at >= since) and (until is null or x.at < until)
        and (after_at is null or (x.at, x.key) < (after_at, after_key))
        and (queue_like is null or x.queue_words like all (queue_like))
        and (code_id is null or x.code = code_id or x.code_words like all (code_like))
      order by x.at desc, x.key desc, x.revision desc limit most) r
    order by r.at desc, r.key desc, r.revision desc limit most;
  elsif queue_like is null then
    return query
    select r.* from unnest(divisions) as one(id) cross join lateral (
      select x.* from archive.records x
      where x.org_id = archive.org_id() and x.division_id = one.id
        and (since is null or x.at >= since) and (until is null or x.at < until)
        and (after_at is null or (x.at, x.key) < (after_at, after_key))
        and (code_id is null or x.code = code_id or x.code_words like all (code_like))
      order by x.at desc, x.key desc, x.revision desc limit most) r
    order by r.at desc, r.key desc, r.revision desc limit most;
  else
    return query
    select r.* from archive.queue q cross join lateral (
      select x.* from archive.records x
      where x.org_id = archive.org_id() and x.division_id = q.division_id and x.queue_words = q.queue_words
        and (since is null or x.at >= since) and (until is null or x.at < until)
        and (after_at is null or (x.at, x.key) < (after_at, after_key))
        and (code_id is null or x.code = code_id or x.code_words like all (code_like))
      order by x.at desc, x.key desc, x.revision desc limit most) r
    where q.org_id = archive.org_id() and q.division_id = any (divisions) and q.queue_words like all (queue_like)
    order by r.at desc, r.key desc, r.revision desc limit most;
  end if;
end
$$;

-- The latest revision of each record, newest first.
create function archive.page_of(
  agents text[], divisions text[], since timestamptz, until timestamptz, queue_like text[], code_id text,
  code_like text[], most integer, after_at timestamptz, after_key bytea)
returns setof archive.page_line
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp set jit = off as $$
declare
  candidate record;
  seen integer;
  given integer := 0;
begin
  -- Whether it is the latest is asked of what would stand on the page alone, not of all that each index offers for it.
  -- Subqueries with a limit have one plan; `exists` has two.
  loop
    seen := 0;
    for candidate in
      select
        (
          p.key, p.revision, p.day, p.agent_id,
          coalesce(
            (select a.name from archive.agent a where a.org_id = archive.org_id() and a.agent_id = p.agent_id), ''),
          p.device, p.at, p.received_at,
          (
            select true from archive.conflict c
            where c.org_id = archive.org_id() and c.day = p.day and c.key = p.key limit 1) is not null,
          p.record
        )::archive.page_line as line,
        p.at,
        p.key,
        p.revision = (
          select n.revision from archive.records n
          where n.org_id = archive.org_id() and n.day = p.day and n.key = p.key
          order by n.revision desc limit 1
        ) as is_latest
      from archive.newest_of(
        agents, divisions, since, until, queue_like, code_id, code_like, most, after_at, after_key) p
      order by p.at desc, p.key desc, p.revision desc
    loop
      seen := seen + 1;
      -- Of one key at one time the latest comes first: what is left of it is older, and need not be seen.
      after_at := candidate.at;
      after_key := candidate.key;
      continue when not candidate.is_latest;
      return next candidate.line;
      given := given + 1;
      exit when given = most;
    end loop;
    exit when seen < most or given = most;
  end loop;
end
$$;

-- The divisions somebody may see. '*' is every division there is a record of.
create function archive.seen_divisions() returns text[] language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select case when '*' = any (archive.divisions())
    then (select array_agg(distinct q.division_id) from archive.queue q where q.org_id = archive.org_id())
    else archive.divisions() end
$$;

-- Agents by id, or by the beginning of words of their name; null where nobody is asked for.
create function archive.agents_of(ids text[], words text[]) returns text[] language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select case when ids is null then null else coalesce((
    select array_agg(a.agent_id) from archive.agent a
    where a.org_id = archive.org_id() and (
      a.agent_id = any (ids)
      or exists (select from unnest(words) w where w <> '' and a.name_words like '% ' || w || '%'))
  ), '{}') end
$$;

create function archive.look(
  ids text[], words text[], since timestamptz, until timestamptz, queue_like text[], code_id text, code_like text[],
  most integer, after_at timestamptz, after_key bytea, asked text)
returns setof archive.page_line
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  lines archive.page_line[];
begin
  select array_agg(p) into lines from archive.page_of(
    archive.agents_of(ids, words), archive.seen_divisions(), since, until, queue_like, code_id, code_like, most, after_at,
    after_key) p;
  insert into archive.access_log (org_id, about_agent_id, by_agent_id, what, records, query)
  select archive.org_id(), l.agent_id, archive.agent_id(), 'page', count(*), asked
  from unnest(lines) l where l.agent_id <> archive.agent_id() group by l.agent_id;
  return query select l.* from unnest(lines) l;
end
$$;

-- Everything under one key; `of_conflict` tells the two kinds apart.
create type archive.key_line as (of_conflict boolean, line archive.page_line);

create function archive.one_of(the_key bytea) returns setof archive.key_line
language sql stable security invoker set search_path = pg_catalog, pg_temp as $$
  select false, (
    r.key, r.revision, r.day, r.agent_id, coalesce(a.name, ''), r.device, r.at, r.received_at,
    exists (
      select from archive.conflict c
      where c.org_id = r.org_id and c.day = r.day and c.key = r.key and c.revision = r.revision),
    r.record)::archive.page_line
  from archive.records r left join archive.agent a on a.org_id = r.org_id and a.agent_id = r.agent_id
  where r.org_id = archive.org_id() and r.key = the_key
  union all
  select true, (
    c.key, c.revision, c.day, c.agent_id, coalesce(a.name, ''), c.device, c.received_at, c.received_at, true,
    c.record)::archive.page_line
  from archive.conflict c left join archive.agent a on a.org_id = c.org_id and a.agent_id = c.agent_id
  where c.org_id = archive.org_id() and c.key = the_key
$$;

create function archive.look_at(the_key bytea) returns setof archive.key_line
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  lines archive.key_line[];
begin
  select array_agg(o) into lines from archive.one_of(the_key) o;
  insert into archive.access_log (org_id, about_agent_id, by_agent_id, what, records, query)
  select distinct archive.org_id(), (l.line).agent_id, archive.agent_id(), 'record', 1, encode(the_key, 'hex')
  from unnest(lines) l where (l.line).agent_id <> archive.agent_id();
  return query select l.* from unnest(lines) l;
end
$$;

create type archive.figure as (
  agent_id text, agent_name text, day date, records bigint, answered bigint, conflicts bigint);

create function archive.figures_of(agents text[], since timestamptz, until timestamptz, queue_like text[], code_id text,
  code_like text[])
returns setof archive.figure
language sql stable security invoker set search_path = pg_catalog, pg_temp as $$
  select
    x.agent_id, coalesce(max(a.name), ''), (x.at at time zone 'UTC')::date, count(distinct x.key),
    count(distinct x.key) filter (where x.answered),
    count(distinct c.key)
  from archive.records x
  left join archive.agent a on a.org_id = x.org_id and a.agent_id = x.agent_id
  left join archive.conflict c on c.org_id = x.org_id and c.day = x.day and c.key = x.key
  where x.org_id = archive.org_id() and (agents is null or x.agent_id = any (agents))
    and (since is null or x.at >= since) and (until is null or x.at < until)
    and (queue_like is null or x.queue_words like all (queue_like))
    and (code_id is null or x.code = code_id or x.code_words like all (code_like))
  group by x.agent_id, 3 order by 3 desc, x.agent_id limit 10000
$$;

create function archive.look_at_figures(
  ids text[], words text[], since timestamptz, until timestamptz, queue_like text[], code_id text, code_like text[],
  asked text)
returns setof archive.figure
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  lines archive.figure[];
begin
  select array_agg(f) into lines
  from archive.figures_of(archive.agents_of(ids, words), since, until, queue_like, code_id, code_like) f;
  insert into archive.access_log (org_id, about_agent_id, by_agent_id, what, records, query)
  select archive.org_id(), l.agent_id, archive.agent_id(), 'figures', sum(l.records), asked
  from unnest(lines) l where l.agent_id <> archive.agent_id() group by l.agent_id;
  return query select l.* from unnest(lines) l;
end
$$;

-- How many records did not arrive, of those somebody may see.
create function archive.missing_of(ids text[], words text[]) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(g.to_seq - g.from_seq + 1), 0)::bigint from archive.gap g
  where g.org_id = archive.org_id()
    and (ids is null or g.agent_id = any (archive.agents_of(ids, words)))
$$;

-- Administrators: deleting, holding, keeping for a time. Each says who and why, and is noted.

-- Deletes records for good and leaves the digest of their key. By key, or all of one agent.
create function archive.erase(keys bytea[], of_agent text, by_whom text, reason text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone bigint;
begin
  if archive.org_id() is null or coalesce(reason, '') = '' or coalesce(by_whom, '') = '' then
    raise exception 'Deleting needs an organisation, a name and a reason.' using errcode = '22023';
  end if;
  insert into archive.tombstone as t (org_id, key, by_whom, reason)
  select archive.org_id(), k.key, erase.by_whom, erase.reason from (
    select unnest(keys) as key
    union
    select r.key from archive.records r where r.org_id = archive.org_id() and r.agent_id = of_agent) k
  on conflict do nothing;
  delete from archive.conflict c where c.org_id = archive.org_id() and (c.key = any (keys) or c.agent_id = of_agent);
  delete from archive.records r where r.org_id = archive.org_id() and (r.key = any (keys) or r.agent_id = of_agent);
  get diagnostics gone = row_count;
  insert into archive.deed (org_id, by_whom, what, reason, rows_affected)
  values (archive.org_id(), erase.by_whom, 'erase', erase.reason, gone);
  return gone;
end
$$;

-- Copies rows, with a reason, so that they outlive their month.
create function archive.hold(of_agent text, since date, until date, by_whom text, reason text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  held bigint;
begin
  if archive.org_id() is null or coalesce(reason, '') = '' or coalesce(by_whom, '') = '' then
    raise exception 'A legal hold needs an organisation, a name and a reason.' using errcode = '22023';
  end if;
  insert into archive.legal_hold (org_id, key, revision, day, agent_id, by_whom, reason, record)
  select r.org_id, r.key, r.revision, r.day, r.agent_id, hold.by_whom, hold.reason, r.record
  from archive.records r
  where r.org_id = archive.org_id() and (of_agent is null or r.agent_id = of_agent)
    and (since is null or r.day >= since) and (until is null or r.day < until)
  on conflict do nothing;
  get diagnostics held = row_count;
  insert into archive.deed (org_id, by_whom, what, reason, rows_affected)
  values (archive.org_id(), hold.by_whom, 'hold', hold.reason, held);
  return held;
end
$$;

-- Drops the months before a day, and takes nothing of them any more. Gives the names of what was dropped.
create function archive.drop_before(a_day date, by_whom text, reason text) returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  first date := date_trunc('month', a_day);
  part text;
  dropped text[] := '{}';
begin
  if coalesce(reason, '') = '' or coalesce(by_whom, '') = '' then
    raise exception 'Dropping months needs a name and a reason.' using errcode = '22023';
  end if;
  if first > date_trunc('month', archive.today()) then
    raise exception 'The current month is kept.' using errcode = '22023';
  end if;
  update archive.retention set kept_from = greatest(kept_from, first);
  for part in
    select c.relname from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where s.nspname = 'archive' and c.relname ~ '^(records|conflict)_\d{4}_\d\d$' and c.relkind = 'r'
      and to_date(right(c.relname, 7), 'YYYY_MM') < first
    order by 1
  loop
    execute format('drop table archive.%I', part);
    dropped := dropped || part;
  end loop;
  -- The directory of keys is no record; without its months it only grows.
  delete from archive.record_key where day < first;
  insert into archive.deed (org_id, by_whom, what, reason, rows_affected)
  values ('*', by_whom, 'drop months before ' || first, reason, cardinality(dropped));
  return dropped;
end
$$;

-- Owners and rights of all of this

do $$
declare
  name text;
  f regprocedure;
begin
  foreach name in array array[
    'agent', 'records', 'queue', 'conflict', 'record_key', 'tombstone', 'checkpoint', 'gap', 'access_log', 'deed',
    'legal_hold', 'retention', 'compatibility', 'secret'
  ] loop
    execute format('alter table archive.%I owner to archive_owner', name);
  end loop;
  for f in select p.oid from pg_proc p join pg_namespace s on s.oid = p.pronamespace where s.nspname = 'archive' loop
    execute format('revoke all on function %s from public', f);
  end loop;
end
$$;
grant execute on function
  archive.today(), archive.org_id(), archive.agent_id(), archive.division_id(), archive.divisions() to
  archive_owner, archive_reader, archive_keeper, archive_agent, archive_supervisor, archive_retention, archive_dpo;
grant execute on function archive.prepare_month(date),
  archive.keep(
    bytea[], date[], integer[], text[], bigint[], text[], bytea[], timestamptz[], text[], text[], text[], boolean[], text),
  archive.advance(text, bigint[], text[]), archive.one_of(bytea) to archive_agent;
grant execute on function
  archive.newest_of(
    text[], text[], timestamptz, timestamptz, text[], text, text[], integer, timestamptz, bytea),
  archive.page_of(
    text[], text[], timestamptz, timestamptz, text[], text, text[], integer, timestamptz, bytea),
  archive.figures_of(text[], timestamptz, timestamptz, text[], text, text[]),
  archive.one_of(bytea) to archive_agent, archive_reader;
grant execute on function archive.agents_of(text[], text[]), archive.seen_divisions() to archive_reader;
grant execute on function
  archive.look(
    text[], text[], timestamptz, timestamptz, text[], text, text[], integer, timestamptz, bytea, text),
  archive.look_at(bytea),
  archive.look_at_figures(text[], text[], timestamptz, timestamptz, text[], text, text[], text),
  archive.missing_of(text[], text[]) to archive_supervisor;
grant execute on function archive.erase(bytea[], text, text, text) to archive_dpo;
grant execute on function archive.hold(text, date, date, text, text) to archive_retention, archive_dpo;
grant execute on function archive.drop_before(date, text, text) to archive_retention;

alter function archive.prepare_month(date) owner to archive_owner;
alter function archive.drop_before(date, text, text) owner to archive_owner;
alter function archive.seen_divisions() owner to archive_reader;
alter function archive.agents_of(text[], text[]) owner to archive_reader;
alter function archive.look(
  text[], text[], timestamptz, timestamptz, text[], text, text[], integer, timestamptz, bytea, text)
  owner to archive_reader;
alter function archive.look_at(bytea) owner to archive_reader;
alter function archive.look_at_figures(text[], text[], timestamptz, timestamptz, text[], text, text[], text)
  owner to archive_reader;
alter function archive.missing_of(text[], text[]) owner to archive_reader;
alter function archive.erase(bytea[], text, text, text) owner to archive_keeper;
alter function archive.hold(text, date, date, text, text) owner to archive_keeper;
revoke create on schema archive from archive_reader, archive_keeper;
