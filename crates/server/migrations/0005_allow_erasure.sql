-- Personal information ends before the log does. An event may be written anew
-- without the person, once the chain's own hash of it is kept and the digest
-- of what was put in its place stands beside it; the audit names the digests.

ALTER TABLE events ADD COLUMN erased BLOB; -- SHA-256 of the event as written anew; NULL while it is as it came

DROP TRIGGER events_stay;
CREATE TRIGGER events_stay BEFORE UPDATE ON events
WHEN NEW.erased IS NULL
  OR NEW.org IS NOT OLD.org OR NEW.record IS NOT OLD.record
  OR NEW.version IS NOT OLD.version OR NEW.seq IS NOT OLD.seq
  OR NEW.stamp IS NOT OLD.stamp OR NEW.hash IS NOT OLD.hash
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
