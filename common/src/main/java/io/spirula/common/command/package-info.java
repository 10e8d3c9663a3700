/**
 * Commands: one declaration each, from which the description that the command line tool asks for, the check of arguments and the permission follow; and the parsing of what arrives. Knows no
 * service: handlers are given. Imports types, encoding and Jackson's parser.
 */
package io.spirula.common.command;
