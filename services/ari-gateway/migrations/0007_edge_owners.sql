-- Who owns an edge. `epoch` is the fencing token: it grows with each owner, and whatever an earlier one still writes is refused here, however late
-- it comes (a process that was frozen or cut off, a journal that is drained after its gateway was replaced).
ALTER TABLE edges
  ADD COLUMN epoch   bigint NOT NULL DEFAULT 0,
  ADD COLUMN holder  text,
  ADD COLUMN url     text;

ALTER TABLE calls ADD COLUMN epoch bigint NOT NULL DEFAULT 0;

-- True while `mine` is the newest owner's epoch, and then until the end of the transaction: a new owner waits for those who have asked.
-- It need not wait long: the server ends a transaction whose process stops in the middle of it.
CREATE FUNCTION owns_edge(edge text, mine bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE newest bigint;
BEGIN
  PERFORM set_config('idle_in_transaction_session_timeout', '1500', true);
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('edge ' || edge, 0));
  -- A statement of its own, after the lock: it sees what was committed while we waited.
  SELECT e.epoch INTO newest FROM edges e WHERE e.edge_id = edge;
  RETURN newest IS NULL OR mine >= newest;
END $$;

-- A call that began and ended before anybody stored a step of it moves nothing any more, so it is taken from an earlier owner too.
CREATE FUNCTION refuse_earlier_owner() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.state = 'ended' THEN RETURN NEW; END IF;
  IF NOT owns_edge(NEW.edge_id, NEW.epoch) THEN
    RAISE EXCEPTION 'edge % has a newer owner than epoch %', NEW.edge_id, NEW.epoch USING ERRCODE = 'TR001';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER calls_fenced BEFORE INSERT OR UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION refuse_earlier_owner();
