-- A copy must not sign in the place's name, send what the original sends, or answer to its token.
UPDATE tibillet_key SET cipher = NULL, revoked_at = COALESCE(revoked_at, now() AT TIME ZONE 'UTC');
UPDATE tibillet_outbox
   SET state = 'dead', last_error = 'neutralized copy', payload = NULL
 WHERE state <> 'done';
UPDATE tibillet_outbox SET payload = NULL WHERE payload IS NOT NULL;
DELETE FROM ir_config_parameter WHERE key IN ('tibillet.health_token_hash', 'tibillet.node_id');
TRUNCATE tibillet_rate_hit;
