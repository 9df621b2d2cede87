#!/usr/bin/env bash
# Makes an own certificate authority and certificates for test servers.
#   certificates.sh FOLDER
# Each NAME below becomes FOLDER/NAME.pem and FOLDER/NAME.key; ca.pem is the authority that a client is to trust.
set -euo pipefail
cd "$1"

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>>openssl.log; }

# authority NAME
authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key" -out "$1.pem" -days 30 -subj "/CN=Test authority $1" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>>openssl.log
  mkdir "$1.db"
  touch "$1.db/index"
  cat >"$1.cnf" <<CNF
[ca]
default_ca = own
[own]
database = $1.db/index
new_certs_dir = $1.db
rand_serial = yes
certificate = $1.pem
private_key = $1.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
CNF
}

# certificate AUTHORITY NAME SUBJECT_ALT_NAMES FROM TO
certificate() {
  key "$2"
  openssl req -new -key "$2.key" -out "$2.csr" -subj "/CN=$2" 2>>openssl.log
  printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\n' "$3" >"$2.ext"
  openssl ca -batch -notext -config "$1.cnf" -in "$2.csr" -out "$2.pem" -extfile "$2.ext" \
    -startdate "$4" -enddate "$5" 2>>openssl.log
}

day() { date -u -d "$1" +%Y%m%d%H%M%SZ; }

here=DNS:localhost,IP:127.0.0.1
authority ca
authority stranger
certificate ca right "$here" "$(day '-2 days')" "$(day '+20 days')"
certificate ca wrong-host DNS:elsewhere.example "$(day '-2 days')" "$(day '+20 days')"
certificate ca expired "$here" "$(day '-20 days')" "$(day '-2 days')"
certificate ca not-yet-valid "$here" "$(day '+2 days')" "$(day '+20 days')"
certificate stranger unknown-ca "$here" "$(day '-2 days')" "$(day '+20 days')"
certificate ca client DNS:client.example "$(day '-2 days')" "$(day '+20 days')"
