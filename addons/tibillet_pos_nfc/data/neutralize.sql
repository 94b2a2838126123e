-- A copy must not take what the real tills of the original send: their credentials end here.
UPDATE tibillet_device
   SET state = 'revoked', secret_hash = NULL, code_hash = NULL, code_expires_at = NULL;
