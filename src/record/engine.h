// SPDX-License-Identifier: Apache-2.0
/* The C interface to signatures of beacons (src/sparql/engine/src/beacon.rs). */
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

/* 1: the key signed the message; 0: it did not, or one of them is no point of its group. */
int32_t provgate_beacon_holds(const uint8_t* key, size_t key_size, const uint8_t* message, size_t message_size,
                              const uint8_t* signature, size_t signature_size);
}
