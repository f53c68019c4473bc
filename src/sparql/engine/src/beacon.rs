// SPDX-License-Identifier: Apache-2.0
//! Signatures of randomness beacons: BLS over BLS12-381, keys in one group and signatures in the other.
//! The C++ face is `provgate/record/beacon.hpp`.

use blst::{min_pk, min_sig, BLST_ERROR};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::slice;

/// Signatures in G2, keys in G1: the default chain of drand.
const IN_G2: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";
/// Signatures in G1, keys in G2: quicknet.
const IN_G1: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

fn holds_in_g2(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) =
        (min_pk::PublicKey::key_validate(key), min_pk::Signature::sig_validate(signature, true))
    else {
        return false;
    };
    signature.verify(true, message, IN_G2, &[], &key, false) == BLST_ERROR::BLST_SUCCESS
}

fn holds_in_g1(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) =
        (min_sig::PublicKey::key_validate(key), min_sig::Signature::sig_validate(signature, true))
    else {
        return false;
    };
    signature.verify(true, message, IN_G1, &[], &key, false) == BLST_ERROR::BLST_SUCCESS
}

/// Whether a key signed a message: 1 it did, 0 it did not, or one of them is no point of its group. The length of the
/// key tells the groups: 48 bytes in G1, 96 in G2.
///
/// # Safety
/// Each pointer must be valid for reads of its size.
#[no_mangle]
pub unsafe extern "C" fn provgate_beacon_holds(
    key: *const u8,
    key_size: usize,
    message: *const u8,
    message_size: usize,
    signature: *const u8,
    signature_size: usize,
) -> i32 {
    let (key, message, signature) = (
        slice::from_raw_parts(key, key_size),
        slice::from_raw_parts(message, message_size),
        slice::from_raw_parts(signature, signature_size),
    );
    let answer = catch_unwind(AssertUnwindSafe(|| match key.len() {
        48 => holds_in_g2(key, message, signature),
        96 => holds_in_g1(key, message, signature),
        _ => false,
    }));
    i32::from(answer.unwrap_or(false))
}
