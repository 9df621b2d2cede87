# Sourced by what needs a fast server.
# start_server FOLDER [PIN...]: nginx on loopback, which answers any message with one record; sets `server_url`, and
# where FOLDER holds certificates, `server_tls_url`, whose connections are counted in FOLDER/connections. It runs in the
# foreground of a job of the shell, `server_process`, after the words PIN.
start_server() {
  local folder=$1 port tls='' record tries
  shift
  record=$(dirname "${BASH_SOURCE[0]}")/../data/success_read.json
  for ((tries = 0; tries < 20; tries++)); do
    port=$((20000 + RANDOM % 10000))
    if ! is_taken $port && ! is_taken $((port + 1)); then break; fi
  done
  if [ -e "$folder/right.pem" ]; then
    tls="server {
      listen 127.0.0.1:$((port + 1)) ssl;
      ssl_certificate $folder/right.pem;
      ssl_certificate_key $folder/right.key;
      access_log $folder/connections first;
      location / { $(answer "$record") }
    }"
  fi
  cat >"$folder/nginx.conf" <<CONF
daemon off;
master_process off;
pid $folder/nginx.pid;
error_log $folder/error.log;
events { worker_connections 4096; }
http {
  log_format first '\$connection_requests';
  access_log off;
  keepalive_requests 1000000000;
  default_type application/json;
  $(for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $folder/$kind;"; done)
  server {
    listen 127.0.0.1:$port;
    location / { $(answer "$record") }
  }
  $tls
}
CONF
  PATH=$PATH:/usr/sbin:/usr/local/sbin "$@" nginx -p "$folder" -c nginx.conf 2>>"$folder/error.log" &
  server_process=$!
  server_url=http://127.0.0.1:$port
  server_tls_url=https://localhost:$((port + 1))
  until [ -s "$folder/nginx.pid" ] && is_taken $port; do
    if ! kill -0 $server_process 2>/dev/null; then
      echo "nginx does not start:" && cat "$folder/error.log"
      return 1
    fi
    sleep 0.02
  done
}

answer() { printf "return 200 '%s';" "$(tr -d '\n' <"$1")"; }
is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
