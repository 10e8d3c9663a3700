/** The S3 gateway: an embeddable library first, a daemon second. Talks to a cluster through librados only. */
package io.spirula.rgw;
