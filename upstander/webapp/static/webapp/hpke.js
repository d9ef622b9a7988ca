// HPKE, base mode, one message (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-GCM.
// Every step is the browser's own WebCrypto; the names are the RFC's.
(function (scope) {
  "use strict";
  var subtle = scope.crypto && scope.crypto.subtle, CURVE = { name: "ECDH", namedCurve: "P-256" };

  function bytes(text) { return new TextEncoder().encode(text); }
  function join() {
    var parts = Array.from(arguments), whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    var at = 0;
    parts.forEach(function (part) { whole.set(part, at); at += part.length; });
    return whole;
  }
  async function hmac(key, data) {
    // An empty salt is as many zeros as the hash is long (RFC 5869, 2.2).
    var raw = key.length ? key : new Uint8Array(32);
    var made = await subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await subtle.sign("HMAC", made, data));
  }
  function extract(suite, salt, label, ikm) {
    return hmac(salt, join(bytes("HPKE-v1"), suite, bytes(label), ikm));
  }
  // Nothing here is longer than one block of the hash.
  async function expand(suite, prk, label, info, length) {
    var labeled = join([0, length], bytes("HPKE-v1"), suite, bytes(label), info, [1]);
    return (await hmac(prk, labeled)).slice(0, length);
  }

  /**
   * Seal to a public key (65 bytes, uncompressed); returns enc and ciphertext in one piece.
   * `given` is for the RFC's own examples: aad, an ephemeral key pair, AES-128 (aead 1).
   */
  async function seal(recipient, info, plain, given) {
    given = given || {};
    var aead = given.aead || 2, none = new Uint8Array(0);
    var kem = join(bytes("KEM"), [0, 16]), suite = join(bytes("HPKE"), [0, 16, 0, 1, 0, aead]);
    var theirs = await subtle.importKey("raw", recipient, CURVE, false, []);
    var pair = given.pair || (await subtle.generateKey(CURVE, false, ["deriveBits"]));
    var enc = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
    var dh = new Uint8Array(
      await subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256)
    );
    var prk = await extract(kem, none, "eae_prk", dh);
    var shared = await expand(kem, prk, "shared_secret", join(enc, recipient), 32);

    var context = join(
      [0],
      await extract(suite, none, "psk_id_hash", none),
      await extract(suite, none, "info_hash", info)
    );
    var secret = await extract(suite, shared, "secret", none);
    var raw = await expand(suite, secret, "key", context, aead === 1 ? 16 : 32);
    var nonce = await expand(suite, secret, "base_nonce", context, 12);
    var key = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
    var how = { name: "AES-GCM", iv: nonce, additionalData: given.aad || none };
    return join(enc, new Uint8Array(await subtle.encrypt(how, key, plain)));
  }

  scope.hpke = subtle ? { seal: seal } : null;
})(self);
