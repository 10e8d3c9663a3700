package io.spirula.tools.rados;

/** What --help prints. */
final class Usage {
    static final String TEXT = """
        usage: rados [options] [commands]
        POOL COMMANDS
           lspools                          list pools
           mkpool <pool-name>               create pool <pool-name>
           rmpool <pool-name> <pool-name> --yes-i-really-really-mean-it
                                            remove pool <pool-name>
           cppool <pool-name> <dest-pool>   copy content of a pool
           purge <pool-name> --yes-i-really-really-mean-it
                                            remove all objects from pool <pool-name> without removing it
           df                               show per-pool and total usage
           ls                               list objects in pool

        OBJECT COMMANDS
           get <obj-name> <outfile>         fetch object
           put <obj-name> <infile> [--offset offset]
                                            write object with start offset (default:0)
           append <obj-name> <infile>       append object
           truncate <obj-name> length       truncate object
           create <obj-name>                create object
           rm <obj-name> ... [--force-full] remove object(s), --force-full forces remove when cluster is full
           cp <obj-name> [target-obj]       copy object
           listxattr <obj-name>
           getxattr <obj-name> attr
           setxattr <obj-name> attr val
           rmxattr <obj-name> attr
           stat <obj-name>                  stat the named object
           stat2 <obj-name>                 stat2 the named object (with high precision time)
           touch <obj-name>                 create the named object if it does not exist
           bench <seconds> write|seq|rand [-t concurrent_operations] [--no-cleanup] [--run-name run_name]
                                            default is 16 concurrent IOs and 4 MB ops
                                            default is to clean up after write benchmark
                                            default run-name is 'benchmark_last_metadata'
           cleanup [--run-name run_name] [--prefix prefix]
                                            clean up a previous benchmark operation
                                            default run-name is 'benchmark_last_metadata'
           listomapkeys <obj-name>          list the keys in the object map
           listomapvals <obj-name>          list the keys and vals in the object map
           getomapval <obj-name> <key> [file] show the value for the specified key
                                            in the object's object map
           setomapval <obj-name> <key> <val | --input-file file>
           rmomapkey <obj-name> <key>
           clearomap <obj-name> [obj-name2 obj-name3...] clear all the omap keys for the specified objects
           getomapheader <obj-name> [file]
           setomapheader <obj-name> <val>
           watch <obj-name>                 add watcher on this object
           notify <obj-name> <message>      notify watcher of this object with message
           listwatchers <obj-name>          list the watchers of this object
           set-alloc-hint <obj-name> <expected-object-size> <expected-write-size>
                                            set allocation hint for an object

        GLOBAL OPTIONS:
           --object-locator object_locator
                set object_locator for operation
           -p pool
           --pool=pool
                select given pool by name
           --target-pool=pool
                select target pool by name
           -f [--format plain|json|json-pretty]
           -b op_size
                set the block size for put/get ops and for write benchmarking
           -O object_size
                set the object size for put/get ops and for write benchmarking
           --max-objects
                set the max number of objects for write benchmarking
           --input-file file
                use the content of the specified file in place of <val>
           -N namespace
           --namespace=namespace
                specify the namespace to use for the object
           --all
                Use with ls to list objects in all namespaces
           --default
                Use with ls to list objects in default namespace
           --target-locator
                Use with cp to specify the locator of the new object
           --target-nspace
                Use with cp to specify the namespace of the new object

        BENCH OPTIONS:
           -t N
           --concurrent-ios=N
                Set number of concurrent I/O operations
           --show-time
                prefix output with date/time
           --no-verify
                do not verify contents of read objects

        GENERIC OPTIONS:
          --conf/-c FILE    read configuration from the given configuration file
          --id ID           set ID portion of my name
          --name/-n TYPE.ID set name
          --keyring/-k FILE read the key from the given keyring
          -m ADDR           connect to the monitors at that address
          --connect-timeout SECONDS
                            give up after that time
          --cluster NAME    set cluster name (default: ceph)
          --version         show version and quit
        """;

    private Usage() {}
}
