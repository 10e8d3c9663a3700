/** Object classes: methods that run beside the data, within the client's operation. Knows nothing of connections, logs or replicas. Ceph: cls. */
package io.spirula.osd.cls;
