#!/usr/bin/env bash
# The entry point of the image that scripts/build-postgres-image makes. It follows the contract of the official
# postgres image (environment variables, init scripts, arguments), so that either image can stand in for the other.
set -Eeo pipefail

say() { printf '%s\n' "docker-entrypoint: $*" >&2; }
fail() {
    printf '%s\n' "Error: $*" >&2
    exit 1
}

# NAME takes its value from the file named by NAME_FILE, from its own value, or from the default; in this order.
from_file_or_value() {
    local name=$1 default=${2:-} file="${1}_FILE"
    if [ -n "${!name:-}" ] && [ -n "${!file:-}" ]; then
        fail "both $name and $file are set, and only one of them can count."
    fi
    if [ -n "${!file:-}" ]; then
        export "$name=$(<"${!file}")"
    else
        export "$name=${!name:-$default}"
    fi
    unset "$file"
}

# Options that only print something: no data directory is needed for them.
only_prints() {
    local argument
    for argument; do
        case $argument in
            -'?' | --help | --describe-config | -V | --version | -C) return 0 ;;
        esac
    done
    return 1
}

initialised() { [ -s "$PGDATA/PG_VERSION" ]; }

prepare_directories() {
    mkdir -p "$PGDATA" /var/run/postgresql
    # Not ours to change when the container runs under another user.
    chmod 00700 "$PGDATA" 2>/dev/null || true
    chmod 03775 /var/run/postgresql 2>/dev/null || true
    [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || mkdir -p "$POSTGRES_INITDB_WALDIR"
    if [ "$(id -u)" -eq 0 ]; then
        local directory
        for directory in "$PGDATA" /var/run/postgresql ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"}; do
            find "$directory" \! -user postgres -exec chown postgres '{}' +
        done
        [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || chmod 700 "$POSTGRES_INITDB_WALDIR"
    fi
}

check_password() {
    if [ -z "$POSTGRES_PASSWORD" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
        fail "the database is uninitialized and the superuser password is not specified." \
            "Set POSTGRES_PASSWORD to a non-empty value (docker run -e POSTGRES_PASSWORD=...)," \
            "or let everybody in without one by POSTGRES_HOST_AUTH_METHOD=trust."
    fi
    if [ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ]; then
        say "warning: POSTGRES_HOST_AUTH_METHOD=trust lets anyone who reaches the port in, without a password."
    fi
}

# initdb wants a name for its user. A container run with --user may have a number only, so it is lent a passwd entry.
lend_a_user_name() {
    getent passwd "$(id -u)" >/dev/null && return 0
    local wrapper
    wrapper=$(find /usr/lib -name libnss_wrapper.so -print -quit)
    [ -n "$wrapper" ] || return 0
    NSS_WRAPPER_PASSWD=$(mktemp)
    NSS_WRAPPER_GROUP=$(mktemp)
    export LD_PRELOAD="$wrapper" NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
    printf 'postgres:x:%s:%s:PostgreSQL:%s:/bin/false\n' "$(id -u)" "$(id -g)" "$PGDATA" >"$NSS_WRAPPER_PASSWD"
    printf 'postgres:x:%s:\n' "$(id -g)" >"$NSS_WRAPPER_GROUP"
}

give_the_user_name_back() {
    [ -n "${NSS_WRAPPER_PASSWD:-}" ] || return 0
    rm -f "$NSS_WRAPPER_PASSWD" "$NSS_WRAPPER_GROUP"
    unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
}

make_data_directory() {
    local -a arguments=()
    [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || arguments+=(--waldir "$POSTGRES_INITDB_WALDIR")
    lend_a_user_name
    # The arguments come as one string in which quotes count, as in a shell: hence eval. The password goes through
    # a pipe, never through an argument that a process list would show.
    eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD")' \
        '"${arguments[@]}"' "$POSTGRES_INITDB_ARGS"
    give_the_user_name_back
}

let_hosts_in() {
    local method=${POSTGRES_HOST_AUTH_METHOD:-}
    # Asked with the server's own arguments, since they may set another password_encryption.
    [ -n "$method" ] || method=$(postgres -C password_encryption "$@")
    [ "$method" != on ] || method=md5
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

psql_as_superuser() {
    PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"
}

start_for_init() {
    # On the socket only: a client on the network must not meet a server that is about to go away again.
    PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -w \
        -o "$(printf '%q ' "$@" -c "listen_addresses=" -p "${PGPORT:-5432}")" start
}

create_database() {
    local there
    there=$(psql_as_superuser --dbname postgres --tuples-only --set db="$POSTGRES_DB" \
        <<<"SELECT 1 FROM pg_database WHERE datname = :'db';")
    [ -n "$there" ] ||
        psql_as_superuser --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
}

run_init_files() {
    local file
    for file; do
        case $file in
            *.sh)
                if [ -x "$file" ]; then
                    say "running $file"
                    "$file"
                else
                    say "sourcing $file"
                    # shellcheck disable=SC1090 # which files there are is the user's affair
                    . "$file"
                fi
                ;;
            *.sql)
                say "running $file"
                psql_as_superuser --dbname "$POSTGRES_DB" -f "$file"
                ;;
            *.sql.gz)
                say "running $file"
                gunzip -c "$file" | psql_as_superuser --dbname "$POSTGRES_DB"
                ;;
            *) say "ignoring $file" ;;
        esac
    done
}

initialise() {
    check_password
    # Before the work rather than after it: the files that are to be run must be readable.
    ls /docker-entrypoint-initdb.d/ >/dev/null
    make_data_directory
    let_hosts_in "$@"
    export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
    start_for_init "$@"
    create_database
    shopt -s nullglob
    run_init_files /docker-entrypoint-initdb.d/*
    shopt -u nullglob
    PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

main() {
    # `docker run IMAGE -c key=value` means the server's arguments.
    [ "${1:0:1}" != - ] || set -- postgres "$@"

    if [ "${1:-}" = postgres ] && ! only_prints "$@"; then
        # Before root is given up: a secret's file may be for root's eyes only.
        from_file_or_value POSTGRES_PASSWORD
        from_file_or_value POSTGRES_USER postgres
        from_file_or_value POSTGRES_DB "$POSTGRES_USER"
        from_file_or_value POSTGRES_INITDB_ARGS
        prepare_directories
        [ "$(id -u)" -ne 0 ] || exec gosu postgres "${BASH_SOURCE[0]}" "$@"

        if initialised; then
            say "$PGDATA holds a database already; nothing is initialised."
        else
            initialise "${@:2}"
        fi
    fi
    exec "$@"
}

main "$@"
