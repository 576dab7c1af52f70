-- As whom Twilio's rail calls our Asterisk, by environment. Revisions never fall, so a row outlives its environment: without a password nobody is let in.
CREATE TABLE edge_trunks (
  environment          text PRIMARY KEY,
  credential_revision  integer NOT NULL CHECK (credential_revision > 0),
  key_id               text,
  sealed_password      bytea,
  CHECK ((key_id IS NULL) = (sealed_password IS NULL))
);
CREATE TRIGGER edge_trunks_declared AFTER INSERT OR UPDATE OR DELETE ON edge_trunks FOR EACH STATEMENT EXECUTE FUNCTION tell_declared();
